"""Short texts of patterns that everyday sentences lack: numbers, dates, times, names, spelling.

A phrase is (written, spoken): what the recogniser should write, and what a synthesiser is given.
They differ for spelled words only; numbers are written as words.
"""

import random

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # fmt: skip
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()  # fmt: skip
MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
FIRST_NAMES = "Tom Mary John Anna Peter Laura David Sarah Michael Julia Robert Emma Daniel Alice Martin Helen Paul Nina Frank Clara Oscar Lucy Henry Rosa Victor Irene".split()  # fmt: skip
LAST_NAMES = "Smith Miller Brown Wilson Taylor Baker Carter Fisher Walker Cooper Mason Hunter Porter Gardner Weaver Turner Parker Foster Barnes Hughes Bennett Palmer Marsh Stone Wells Field".split()  # fmt: skip
LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ay,bee,see,dee,ee,eff,jee,aitch,eye,jay,kay,ell,em,en,oh,pee,cue,are,ess,tee,you,vee,double you,ex,why,zee".split(
            ","
        ),
        strict=True,
    )
)


def below_hundred(n):
    return ONES[n] if n < 20 else TENS[n // 10 - 2] + (f"-{ONES[n % 10]}" if n % 10 else "")


def number(n):
    """0 to 999,999 in words."""
    if n < 100:
        return below_hundred(n)
    if n < 1000:
        return f"{ONES[n // 100]} hundred" + (f" and {below_hundred(n % 100)}" if n % 100 else "")
    return f"{number(n // 1000)} thousand" + (f" {number(n % 1000)}" if n % 1000 else "")


def ordinal(n):
    """1 to 31 in words."""
    return ORDINALS[n - 1] if n <= 20 else ("thirtieth" if n == 30 else f"{TENS[n // 10 - 2]}-{ORDINALS[n % 10 - 1]}")


def year(rng):
    n = rng.randrange(1900, 2030)
    if 2000 <= n < 2010:
        return "two thousand" + (f" and {ONES[n - 2000]}" if n > 2000 else "")
    low = n % 100
    return f"{below_hundred(n // 100)} {'hundred' if low == 0 else ('oh ' if low < 10 else '') + below_hundred(low)}"


def clock(rng):
    hour, minute = ONES[rng.randint(1, 12)], rng.choice([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55])
    if minute == 0:
        return f"{hour} o'clock"
    return f"{hour} {'oh ' if minute < 10 else ''}{below_hundred(minute)}"


def spelled(rng):
    name = rng.choice(FIRST_NAMES + LAST_NAMES)
    letters = name.upper()[:6]
    return f"{name}, {'-'.join(letters)}.", f"{name}, {', '.join(LETTERS[c] for c in letters)}."


def digits(rng):
    return " ".join(rng.choice(ONES[:10]) for _ in range(rng.randint(1, 9))).capitalize() + "."


def phrase(rng: random.Random):
    kind = rng.randrange(8)
    if kind == 0:
        text = digits(rng)
    elif kind == 1:
        text = rng.choice(
            ["It costs {} dollars.", "There were {} people.", "Page {}, please.", "Room {}.", "{}."]
        ).format(number(rng.choice([rng.randrange(100), rng.randrange(1000), rng.randrange(100000)])))
    elif kind == 2:
        text = rng.choice(["It happened on {}.", "The meeting is on {}.", "{}."]).format(
            f"{rng.choice(MONTHS)} {ordinal(rng.randint(1, 31))}" + (f", {year(rng)}" if rng.random() < 0.5 else "")
        )
    elif kind == 3:
        text = rng.choice(
            ["The train leaves at {}.", "See you on {day} at {}.", "It's {}.", "Call me at {}, please."]
        ).format(clock(rng), day=rng.choice(DAYS))
    elif kind in (4, 5):
        text = rng.choice(
            ["My name is {} {}.", "This is {} {} speaking.", "Please ask {} {}.", "{} {} will call you back."]
        ).format(rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES))
    else:
        return spelled(rng)
    text = text[0].upper() + text[1:]
    return text, text
