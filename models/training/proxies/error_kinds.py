"""Where the gain of `wer-attention` comes from: substitutions, deletions and insertions on test.

Adds "error kinds" to results/wer-attention.json: counts of the plain output and at the suggested α.
"""

import argparse
import json
from pathlib import Path

import jiwer
import torch

from measure import Recogniser
from proxies.card import RESULTS
from proxies.evaluate import Proxy
from proxies.speech_proxy import FOLDER, SEEDS, noise_sets


def kinds(references, texts):
    m = jiwer.process_words(references, texts)
    words = m.hits + m.substitutions + m.deletions
    return {"words": words, "substitutions": m.substitutions, "deletions": m.deletions, "insertions": m.insertions}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", type=Path, help="not used here")
    parser.add_argument("--data", type=Path, help="not used here")
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    path = RESULTS / "wer-attention.json"
    results = json.loads(path.read_text())
    proxy, r = Proxy(FOLDER / "proxies/wer-attention/proxy.onnx"), results["fp32"]
    r["error kinds"] = {}
    for data in noise_sets(Recogniser(FOLDER, "fp32"), args.work, "test", SEEDS["test"]):
        moved = data.decode(proxy.along(r["suggestedAlpha"]))
        r["error kinds"][data.name] = {
            "plain": kinds(data.references, data.plain),
            "perturbed": kinds(data.references, moved),
        }
        print(data.name, r["error kinds"][data.name], flush=True)
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
