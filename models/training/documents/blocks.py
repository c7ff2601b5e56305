"""Blocks of text (paragraphs, headings, list items) of HTML, XML and manual pages, in reading order."""

import gzip
import re
from html.parser import HTMLParser

BLOCKS = set(
    "p li h1 h2 h3 h4 h5 h6 dt dd td th title desc caption item div section table ul ol dl info note br".split()
)
SKIPPED = set("script style pre screen code-block footer nav listing programlisting svg keyseqs".split())


def squeeze(text):
    return " ".join(text.replace("\u00ad", "").split())


class Blocks(HTMLParser):
    """Collects [(tag, text, id)]."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out, self.text, self.tag, self.id, self.skipped = [], [], "", None, 0

    def flush(self):
        text = squeeze("".join(self.text))
        if text:
            self.out.append((self.tag, text, self.id))
        self.text = []

    def handle_starttag(self, tag, attrs):
        if tag in SKIPPED:
            self.skipped += 1
        if tag in BLOCKS or tag in SKIPPED:
            self.flush()
            self.tag, self.id = tag, dict(attrs).get("id")

    def handle_startendtag(self, tag, attrs):
        if tag in BLOCKS:
            self.flush()

    def handle_endtag(self, tag):
        if tag in SKIPPED:
            self.skipped = max(0, self.skipped - 1)
        if tag in BLOCKS:
            self.flush()
            self.id = None

    def handle_data(self, data):
        if not self.skipped:
            self.text.append(data)


def markup_blocks(path):
    parser = Blocks()
    parser.feed(path.read_text("utf8", "replace"))
    parser.close()
    parser.flush()
    return parser.out


FONT = re.compile(r"\\f(?:\[[^\]]*\]|\(..|.)|\\s[-+]?\d|\\[&/,|^:%]|\\\*\(..")
GLYPHS = {"aq": "'", "dq": '"', "lq": "“", "rq": "”", "oq": "‘", "cq": "’", "co": "©", "em": "—", "en": "–", "bu": "",
          "ha": "^", "ti": "~", "rs": "\\", "Bq": "„", "Fo": "«", "Fc": "»", "ga": "`", "at": "@", "mi": "-"}  # fmt: skip
LITERAL = {".nf": ".fi", ".EX": ".EE", ".TS": ".TE", ".Vb": ".Ve"}
FONTS = re.compile(r"^\.(?:B|I|BR|RB|IR|RI|BI|IB|SM|SB)\s+(.*)")


def roff_text(line):
    line = re.sub(r"\\\((..)|\\\[([^\]]*)\]", lambda m: GLYPHS.get(m[1] or m[2], ""), FONT.sub("", line))
    return line.replace("\\-", "-").replace("\\ ", " ").replace("\\~", " ").replace("\\e", "\\").replace("\\(", "(")


def alternating(arguments):
    """Text of `.BR a b`: the words of different fonts stand without a space, quoted ones stay whole."""
    parts = re.findall(r'"((?:[^"]|"")*)"|(\S+)', arguments)
    return "".join(quoted or plain for quoted, plain in parts)


def manual_blocks(path):
    """Of a man(7) page; an mdoc page has none."""
    out, text, kind, until = [], [], "", None
    raw = gzip.open(path, "rt", encoding="utf8", errors="replace").read()
    if re.search(r"^\.Sh ", raw, re.M):
        return []
    for line in [*raw.splitlines(), ".PP"]:
        if until:
            until = None if line.startswith(until) else until
            continue
        fonts = FONTS.match(line)
        if fonts:
            joined = fonts[1].replace('"', "") if line[2] == " " else alternating(fonts[1])
            text.append(roff_text(joined))
        elif line.startswith((".", "'")):
            name = line.split()[0]
            if name.startswith('.\\"'):
                continue
            whole = squeeze(" ".join(text))
            if whole:
                out.append((kind, whole, None))
            text, kind, until = [], name, LITERAL.get(name)
            if name in (".SH", ".SS"):
                out.append((name, squeeze(roff_text(line[len(name) :]).replace('"', "")), None))
        else:
            text.append(roff_text(line))
    return out
