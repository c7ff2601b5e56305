#!/bin/sh
# safetensors 0.8.0: save_file makes files that only their owner can read, and replaces links.
#
# Expected, as up to 0.7.0: a new file has the mode that the umask leaves (0644), a file that is written again keeps
# its mode, and a symbolic link is followed.
# Seen: the mode is 0600 in each case, and the link is gone: a file of its own lies in its place. A model that is
# saved by one user cannot be read by a service that runs as another.
# Fails when that changes. Usage: safetensors-file-mode.sh   (PYTHON: an interpreter that has safetensors and numpy)
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-}
if [ -z "$python" ]; then
  python3 -m venv "$work/venv"
  python=$work/venv/bin/python
  "$python" -m pip install --quiet safetensors==0.8.0 numpy
fi
cd "$work"
"$python" - <<'PYTHON'
import os

import numpy
import safetensors
from safetensors.numpy import save_file

os.umask(0o022)
tensors = {"a": numpy.zeros(4, numpy.float32)}


def mode(path):
    return oct(os.stat(path).st_mode & 0o777)


save_file(tensors, "new")
open("again", "w").close()
os.chmod("again", 0o664)
save_file(tensors, "again")
open("target", "w").close()
os.symlink("target", "link")
save_file(tensors, "link")
seen = (mode("new"), mode("again"), os.path.islink("link"), os.path.getsize("target"))
print("safetensors", safetensors.__version__, *seen)
assert seen == ("0o600", "0o600", False, 0), "this has changed"
PYTHON
