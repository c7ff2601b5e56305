"""Fetch the Debian packages of `packages.py` and unpack what the readers read.

    python -m documents.fetch --cache DIR [--record]

Packages are downloaded with `apt-get download` into DIR/debs and unpacked into DIR/files/PACKAGE. The
versions and hashes of `splits/documents.json` are asked for; with `--record` whatever the archive has
now is taken and written there. Package descriptions come from the archive's own translation files.
"""

import argparse
import hashlib
import json
import re
import subprocess
from pathlib import Path

from documents.packages import SOURCES

MANIFEST = Path(__file__).resolve().parent.parent / "splits/documents.json"
READ = re.compile(r"\.mo$|\.html$|\.page$|/man/(de/)?man\d/|/trans/.*de-en|/copyright$")


def file_hash(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def download(debs, package, known):
    """The package file, downloaded unless it is there. `known`: its entry in the manifest, or None."""
    wanted = f"{package}={known['version']}" if known else package
    found = sorted(debs.glob(f"{package}_*.deb"))
    if not found:
        subprocess.run(["apt-get", "download", "-q", wanted], cwd=debs, check=True, stdout=subprocess.DEVNULL)
        found = sorted(debs.glob(f"{package}_*.deb"))
    if known and file_hash(found[-1]) != known["sha256"]:
        raise ValueError(f"{found[-1].name} is not the file of the manifest: {known['version']}")
    return found[-1]


def unpack(deb, folder):
    """Only the files that a reader wants; links are followed by nobody and left out."""
    if folder.exists():
        return
    listing = subprocess.run(["dpkg-deb", "-c", deb], check=True, capture_output=True, text=True).stdout
    rows = [line.split(maxsplit=5) for line in listing.splitlines()]
    names = [row[5] for row in rows if row[0].startswith("-") and READ.search(row[5])]
    folder.mkdir(parents=True)
    archive = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
    tar = ["tar", "-x", "-C", folder, "--no-same-owner", "-T", "-", "-f", f"/dev/fd/{archive.stdout.fileno()}"]
    subprocess.run(tar, input="\n".join(names), text=True, pass_fds=[archive.stdout.fileno()], check=True)
    archive.stdout.close()
    archive.wait()


def fetch_descriptions(folder):
    """The archive's package lists with English and German descriptions, in a state folder of their own."""
    (folder / "lists/partial").mkdir(parents=True, exist_ok=True)
    options = {"Dir::State::lists": folder / "lists", "Dir::Cache": folder / "cache", "Acquire::Languages": "de,en"}
    arguments = [x for name, value in options.items() for x in ("-o", f"{name}={value}")]
    if not list((folder / "lists").glob("*Translation-de*")):
        subprocess.run(["apt-get", "update", "-q", *arguments], check=True, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    manifest = {} if args.record or not MANIFEST.exists() else json.loads(MANIFEST.read_text())
    debs = args.cache / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    recorded = {}
    for package in sorted({p for source in SOURCES for p in source.packages}):
        deb = download(debs, package, manifest.get(package))
        unpack(deb, args.cache / "files" / package)
        version = deb.name.split("_")[1].replace("%3a", ":")
        recorded[package] = {"version": version, "sha256": file_hash(deb)}
    fetch_descriptions(args.cache / "apt")
    if args.record:
        MANIFEST.write_text(json.dumps(recorded, indent=1) + "\n")
    print(f"{len(recorded)} packages", flush=True)


if __name__ == "__main__":
    main()
