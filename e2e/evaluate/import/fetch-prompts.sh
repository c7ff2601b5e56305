#!/bin/sh
# Recorded prompts with transcripts (Asterisk core sounds, CC BY-SA 3.0; English and Spanish: Allison Smith,
# French: June Wallack; donors in each package's copyright file) as 16 kHz mono wav files and a table:
#   OUT/prompts.tsv   file<TAB>language<TAB>reference      OUT/{en,fr,es}/*.wav
# Needs apt-get, dpkg, and Python with PyAV (which faster-whisper brings).
# Usage: fetch-prompts.sh OUT      (PYTHON=python3 chooses the interpreter)
set -eu
out=$(realpath -m "${1:?usage: fetch-prompts.sh OUT}")
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
cd "$work"
for language in en fr es; do
  apt-get download -q "asterisk-core-sounds-$language-g722" "asterisk-core-sounds-$language"
done
for package in ./*.deb; do
  dpkg -x "$package" packages
done
"${PYTHON:-python3}" "$here/convert_prompts.py" "$work/packages" "$out"
