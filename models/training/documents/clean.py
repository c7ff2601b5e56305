"""Which pairs are good enough to train on, and what is kept out of training for the sake of dev and test."""

import math
import re

from text.sentences import key

LONGEST = 420  # characters
GERMAN = frozenset("der die das und ist nicht ein eine einen einem einer den dem des zu von mit für auf sie werden wird im sich auch kann oder bei aus nach wenn diese dieser dieses ich es er wir wie nur als dass zum zur über haben hat sind".split())  # fmt: skip
ENGLISH = frozenset("the of and to is a in that it for you this with be are not on as or by from can if an will have has was which your when at they he she we all there one use used do".split())  # fmt: skip
BOILERPLATE = re.compile(
    r"copyright|©|all rights reserved|license|lizenz|gpl\b|prev(ious)? next|zurück weiter|<[a-z]|\\n", re.I
)
NUMBER = re.compile(r"\d+")


def looks_like(text, own, other):
    words = re.findall(r"[^\W\d_]+", text.lower())
    mine, theirs = sum(w in own for w in words), sum(w in other for w in words)
    return mine >= theirs and (mine > 0 or len(words) < 9)


def good(english, german):
    if not (2 <= len(english) <= LONGEST and 2 <= len(german) <= LONGEST) or BOILERPLATE.search(english):
        return False
    letters = [sum(c.isalpha() for c in text) / len(text) for text in (english, german)]
    if min(letters) < 0.5 or english == german or not key(english) or not key(german):
        return False
    if abs(math.log((len(german) + 15) / (1.12 * len(english) + 15))) > 0.75:
        return False
    if any(
        max(map(ord, text)) > 0x24F and re.search("[\u0370-\u1fff\u3040-\uffef]", text) for text in (english, german)
    ):
        return False
    numbers = [sorted(NUMBER.findall(text)) for text in (english, german)]
    if numbers[0] != numbers[1] and len(set(numbers[0]) ^ set(numbers[1])) > 1:
        return False
    return looks_like(english, ENGLISH, GERMAN) and looks_like(german, GERMAN, ENGLISH)


def clean(pairs):
    """The good ones of [(English, German)], each once by its keys."""
    seen, out = set(), []
    for english, german in pairs:
        english, german = " ".join(english.split()), " ".join(german.split())
        if good(english, german):
            both = key(english), key(german)
            if both not in seen:
                seen.add(both)
                out.append((english, german))
    return out


def without(pairs, english_keys, german_keys):
    """Those that share no side with what is kept out."""
    return [(e, g) for e, g in pairs if key(e) not in english_keys and key(g) not in german_keys]
