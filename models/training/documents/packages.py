"""The Debian packages that parallel text is read from, and which of them are kept out of training.

A source is a reader (`readers.py`) and the packages it reads together. Whole sources are kept out for
dev and test; a sentence that occurs in one of them is taken out of training wherever else it stands.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    name: str
    reader: str  # "catalogue" | "help" | "pages" | "manual" | "descriptions" | "dictionary"
    packages: tuple[str, ...]
    split: str = "train"  # "train" | "dev" | "test"
    english: str = ""  # of "pages": path of the English files; "{}" is the part that both share
    german: str = ""


def catalogues(name, *packages, split="train"):
    return Source(name, "catalogue", packages, split)


DOC = "usr/share/doc/"
SOURCES = (
    Source("libreoffice-help", "help", ("libreoffice-help-en-us", "libreoffice-help-de")),
    catalogues("libreoffice", "libreoffice-l10n-de"),
    Source("descriptions", "descriptions", ()),
    Source("dictionary", "dictionary", ("trans-de-en",)),
    Source("manpages", "manual", ("manpages", "manpages-dev", "manpages-de", "manpages-de-dev",
           "coreutils", "util-linux", "mount", "systemd", "procps", "e2fsprogs", "btrfs-progs", "passwd", "rsync")),
    Source("debian-reference", "pages", ("debian-reference-en", "debian-reference-de"),
           english="usr/share/debian-reference/{}.en.html", german="usr/share/debian-reference/{}.de.html"),
    Source("debian-handbook", "pages", ("debian-handbook",),
           english=DOC + "debian-handbook/html/en-US/{}.html", german=DOC + "debian-handbook/html/de-DE/{}.html"),
    Source("installation-guide", "pages", ("installation-guide-amd64",),
           english=DOC + "installation-guide-amd64/en/{}.html", german=DOC + "installation-guide-amd64/de/{}.html"),
    Source("gnome-user-docs", "pages", ("gnome-user-docs",),
           english="usr/share/help/C/{}.page", german="usr/share/help/de/{}.page"),
    Source("debian-history", "pages", ("debian-history",),
           english=DOC + "debian-history/docs/{}.en.html", german=DOC + "debian-history/docs/{}.de.html"),
    Source("gimp-help", "pages", ("gimp-help-en", "gimp-help-de"),
           english="usr/share/gimp/2.0/help/en/{}.html", german="usr/share/gimp/2.0/help/de/{}.html"),
    Source("live-manual", "pages", ("live-manual-html",),
           english=DOC + "live-manual/html/live-manual/{}.en.html", german=DOC + "live-manual/html/live-manual/{}.de.html"),
    catalogues("iso-codes", "iso-codes"),
    catalogues("gnucash", "gnucash-common"),
    catalogues("kde", "libkf5xmlgui-data", "kde-cli-tools-data", "okular", "kate5-data", "kmymoney-common"),
    catalogues("gnome", "evolution-common", "nautilus-data"),
    catalogues("games", "freeciv-data", "gcompris-qt-data", "tuxpaint-data", "wesnoth-1.16-data", "widelands-data"),
    # Kept out: two manuals and one catalogue each.
    Source("debian-faq", "pages", ("debian-faq", "debian-faq-de"), "dev",
           english=DOC + "debian/FAQ/{}.en.html", german=DOC + "debian/FAQ/de/{}.de.html"),
    Source("maint-guide", "pages", ("maint-guide", "maint-guide-de"), "dev",
           english=DOC + "maint-guide/html/{}.en.html", german=DOC + "maint-guide-de/html/{}.de.html"),
    catalogues("digikam", "digikam-data", split="dev"),
    Source("developers-reference", "pages", ("developers-reference", "developers-reference-de"), "test",
           english="usr/share/developers-reference/{}.html", german="usr/share/developers-reference/de/{}.html"),
    Source("debian-edu", "pages", ("debian-edu-doc-en", "debian-edu-doc-de"), "test",
           english=DOC + "debian-edu-doc-en/{}.html", german=DOC + "debian-edu-doc-de/{}.html"),
    catalogues("kstars", "kstars-data", split="test"),
)  # fmt: skip
