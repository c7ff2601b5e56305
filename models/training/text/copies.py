"""Text that a translation must keep: numbers, addresses, placeholders, code; and what is done to pairs so that
models learn to keep it. Everything is drawn from the `random.Random` that is given."""

import random
import re

from text.phrases import FIRST_NAMES, LAST_NAMES
from text.shifts import KINDS, shift

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NUMBER = re.compile(r"(?<![\w.,])\d{1,6}(?![\w]|[.,]\d)")
FRAMES = (
    ("See {} for details.", "Weitere Einzelheiten finden Sie unter {}."), ("Open {}.", "Öffnen Sie {}."),
    ("The value is {}.", "Der Wert ist {}."), ("Please write to {}.", "Bitte schreiben Sie an {}."),
    ("{} was not found.", "{} wurde nicht gefunden."), ("Hello {},", "Hallo {},"), ("Error: {}", "Fehler: {}"),
    ("Room {}, please.", "Zimmer {}, bitte."), ("I live at number {}.", "Ich wohne in Nummer {}."),
    ("The file {} could not be opened.", "Die Datei {} konnte nicht geöffnet werden."),
    ("Dear {},", "Lieber {},"), ("Total: {}", "Gesamt: {}"), ("Delete {}?", "{} löschen?"),
    ("My name is {}.", "Ich heiße {}."), ("Enter {} and press OK.", "Geben Sie {} ein und drücken Sie OK."),
)  # fmt: skip


def word(rng, low=2, high=9):
    return "".join(rng.choice(LETTERS) for _ in range(rng.randint(low, high)))


def kept(rng):
    """A string that no translation changes."""
    kind = rng.randrange(10)
    if kind == 0:
        return str(rng.randrange(10 ** rng.randint(1, 7)))
    if kind == 1:
        path = "/".join(word(rng) for _ in range(rng.randint(0, 3)))
        return f"http{rng.choice(['', 's'])}://{rng.choice(['www.', ''])}{word(rng)}.{rng.choice(['org', 'com', 'de', 'net'])}/{path}"
    if kind == 2:
        return f"{word(rng)}.{word(rng)}@{word(rng)}.{rng.choice(['org', 'com', 'de'])}"
    if kind == 3:
        name = word(rng, 3)
        return rng.choice(
            [f"{{{name}}}", f"%({name})s", f"${{{name}}}", f"{{{{{name}}}}}", f"<{name}>", f"${name.upper()}"]
        )
    if kind == 4:
        return rng.choice(["%s", "%d", "%1", "%2", "{0}", "{1}", "%1$s", "%n", "%u", "%.2f"])
    if kind == 5:
        return rng.choice(
            [
                f"--{word(rng)}",
                f"-{rng.choice(LETTERS)}",
                f"{word(rng)}_{word(rng)}()",
                f"{word(rng)}.{word(rng, 2, 3)}",
            ]
        )
    if kind == 6:
        return "/" + "/".join(word(rng) for _ in range(rng.randint(1, 4)))
    if kind == 7:
        return f"{rng.randint(0, 23)}:{rng.randrange(60):02d}"
    if kind == 8:
        return f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
    return f"{word(rng, 1, 4).upper()}-{rng.randrange(10000)}"


def copy_pair(rng):
    """The same string on both sides, or a short frame around it."""
    what = kept(rng)
    if rng.random() < 0.3:
        return what, what
    english, german = rng.choice(FRAMES)
    return english.format(what), german.format(what)


def other_numbers(pair, rng):
    """Each number of one to six digits that both sides have exactly once becomes another of as many digits."""
    english, german = pair
    for number in dict.fromkeys(NUMBER.findall(english)):
        found = [len(re.findall(rf"(?<!\d){number}(?!\d)", text)) for text in pair]
        if found == [1, 1] and rng.random() < 0.7:
            new = str(rng.randrange(10 ** (len(number) - 1), 10 ** len(number)))
            english, german = (re.sub(rf"(?<!\d){number}(?!\d)", new, text) for text in (english, german))
    return english, german


def varied(pair, rng: random.Random, shifts=0.08):
    """(source, target) as people also write it: a share of `shifts` with lost case, lost punctuation or typing
    errors in the source only, and few as list items, in capitals or without a last point on both sides."""
    source, target = pair
    draw = rng.random()
    if draw < shifts:
        return shift(source, rng, rng.choice([KINDS, KINDS, KINDS[:1], KINDS[1:]])) or source, target
    draw -= shifts
    if draw < 0.02:
        mark = rng.choice(
            ["- ", "* ", "• ", f"{rng.randint(1, 20)}. ", f"{rng.choice('abcdef')}) ", f"({rng.randint(1, 9)}) "]
        )
        return mark + source, mark + target
    if draw < 0.03:
        return source.upper(), target.upper()
    if draw < 0.07 and source[-1:] == "." == target[-1:]:
        return source[:-1], target[:-1]
    if draw < 0.09:
        what = kept(rng)
        return f"{source} ({what})", f"{target} ({what})"
    return source, target
