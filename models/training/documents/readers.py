"""Readers: pairs of English and German out of unpacked packages, one function per kind of source."""

import gettext
import re
import subprocess
from pathlib import Path

from documents.align import align, pieces
from documents.blocks import manual_blocks, markup_blocks

# Word lists that are no text: names of 8,000 languages, of scripts.
NOT_READ = ("iso_639-3.mo", "iso_639_3.mo", "iso_639-5.mo", "iso_639_5.mo", "iso_15924.mo")


def without_mnemonic(text):
    """The letter of a keyboard shortcut is marked by one "&", "_" or "~"."""
    text = re.sub(r"\s?\([&_~]\w\)", "", text)
    for mark in "&_~":
        if text.count(mark) == 1 and re.search(rf"(?:^|\s|[a-zäöüßA-Z]){mark}\w", text) and "/" not in text:
            if mark != "_" or not re.search(r"\w_\w{2,}", text) or " " in text:
                text = text.replace(mark, "")
    return text


def read_catalogue(source, files):
    for package in source.packages:
        for path in sorted((files / package).rglob("LC_MESSAGES/*.mo")):
            if not re.search(r"/de(_DE)?/LC_MESSAGES", str(path)) or path.name in NOT_READ:
                continue
            with path.open("rb") as f:
                entries = gettext.GNUTranslations(f)._catalog
            for key, german in entries.items():
                english = key[0] if isinstance(key, tuple) else key
                if isinstance(key, tuple) and key[1] != 1:
                    continue
                english = english.split("\x04")[-1]
                for part in zip(english.split("\n\n"), german.split("\n\n"), strict=False):
                    clean = [" ".join(without_mnemonic(re.sub(r"<[^>]{1,80}>|\\n", " ", x)).split()) for x in part]
                    yield from pieces(*clean)


def read_help(source, files):
    """LibreOffice: paragraphs pair by page and id."""
    left, right = (files / p / "usr/share/libreoffice/help" for p in source.packages)
    for path in sorted((left / "en-US/text").rglob("*.html")):
        other = right / "de/text" / path.relative_to(left / "en-US/text")
        if other.exists():
            german = {name: text for _, text, name in markup_blocks(other) if name}
            for _, english, name in markup_blocks(path):
                if name in german:
                    yield from pieces(english, german[name])


def read_pages(source, files):
    before, after = source.english.split("{}")
    for package in source.packages:
        folder = files / package
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = str(path.relative_to(folder))
            if not (name.startswith(before) and name.endswith(after) and re.search(r"(html|page)$", name)):
                continue
            middle = name[len(before) : len(name) - len(after)]
            partners = [files / p / source.german.replace("{}", middle) for p in source.packages]
            partner = next((p for p in partners if p.exists() and p != path), None)
            if partner:
                for pair in align(markup_blocks(path), markup_blocks(partner)):
                    yield from pieces(*pair)


def read_manual(source, files):
    english = {}
    for package in source.packages:
        for path in sorted((files / package / "usr/share/man").glob("man*/*.gz")):
            english.setdefault(f"{path.parent.name}/{path.name}", path)
    for package in source.packages:
        for path in sorted((files / package / "usr/share/man/de").glob("man*/*.gz")):
            partner = english.get(f"{path.parent.name}/{path.name}")
            if partner:
                for pair in align(manual_blocks(partner), manual_blocks(path)):
                    yield from pieces(*pair)


def described(path):
    """{(package, hash): [paragraph, ...]} of a translation file."""
    text, out = subprocess.run(["lz4cat", path], check=True, capture_output=True).stdout.decode("utf8"), {}
    for entry in text.split("\n\n"):
        m = re.match(r"Package: (\S+)\nDescription-md5: (\S+)\nDescription-\w+: (.*)", entry, re.S)
        if m:
            first, *lines = m[3].split("\n")
            paragraphs = [first.strip()]
            for line in lines:
                if line.strip() == "." or line.startswith("  ") or len(paragraphs) == 1:
                    paragraphs.append("")
                paragraphs[-1] += "" if line.strip() == "." else " " + line.strip()
            out[m[1], m[2]] = [" ".join(re.sub(r"^[*o-] ", "", p.strip()).split()) for p in paragraphs if p.strip()]
    return out


def read_descriptions(source, files):
    lists = files.parent / "apt/lists"
    main = "*debian_dists_bookworm_main_i18n_Translation-{}*"
    english, german = (described(next(lists.glob(main.format(x)))) for x in ("en", "de"))
    for name, paragraphs in english.items():
        other = german.get(name, [])
        if len(other) == len(paragraphs):
            for pair in zip(paragraphs, other, strict=True):
                yield from pieces(*pair)


def read_dictionary(source, files):
    """German :: English, forms of one word divided by "|", synonyms by ";", remarks in brackets."""
    bare = lambda x: " ".join(re.sub(r"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)|/[^/]*/|<[^>]*>", " ", x).split())
    path = next(p for p in (files / source.packages[0]).rglob("*de-en") if p.is_file())
    for line in path.read_text("utf8", "replace").splitlines():
        if line.startswith("#") or "::" not in line:
            continue
        german, english = (side.split("|") for side in line.split("::", 1))
        for a, b in zip(english, german, strict=False):
            left, right = bare(a.split(";")[0]), bare(b.split(";")[0])
            yield (
                re.sub(r"\b(sb|sth)\.", lambda m: {"sb": "somebody", "sth": "something"}[m[1]], left),
                re.sub(
                    r"\b(jdn|jdm|jd|etw)\.",
                    lambda m: {"jdn": "jemanden", "jdm": "jemandem", "jd": "jemand", "etw": "etwas"}[m[1]],
                    right,
                ),
            )


READERS = {
    "catalogue": read_catalogue, "help": read_help, "pages": read_pages, "manual": read_manual,
    "descriptions": read_descriptions, "dictionary": read_dictionary,
}  # fmt: skip


def read(source, cache):
    """Pairs of a source as they stand in its packages; `cache`: what `documents.fetch` was given."""
    yield from READERS[source.reader](source, Path(cache) / "files")
