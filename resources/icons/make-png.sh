#!/usr/bin/env bash
# Draws icon.png (512 × 512, transparent corners) from icon.svg with Chromium.
set -euo pipefail
cd "$(dirname "$0")"
"${CHROMIUM:-chromium}" --headless --no-sandbox --disable-gpu --hide-scrollbars \
  --window-size=512,512 --default-background-color=00000000 \
  --screenshot="$PWD/icon.png" "file://$PWD/icon.svg"
