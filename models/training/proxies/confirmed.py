"""Write what `npm run evaluate` measured on test into `proxy.json` of every model.

    python -m proxies.confirmed

Until then the cards hold numbers of dev. Numbers of another proxy or another α than those of the card are refused.
"""

import json

from proxies.card import sha256, span
from starters import ROOT, STARTERS

RESULTS = ROOT / "docs/results/results.json"
SHIFTED = {
    "transcribe": "English, synthesised voices: noise at -10 to 5 dB, telephone, fast speech, an unseen voice, the same at 0 to "
    "10 dB; gain in WER points",
    "translate": "Tatoeba English to German and German to English with the source lower-cased, without punctuation and with "
    "typing errors; gain in mean sentence chrF",
}


def main():
    subjects = {s["model"]: s for s in json.loads(RESULTS.read_text())["subjects"]}
    for starter in STARTERS.values():
        measured = subjects[starter.name]
        folder = starter.folder / "proxies" / measured["proxy"]["id"]
        card = json.loads((folder / "proxy.json").read_text())
        if sha256(folder / "proxy.onnx") != measured["proxy"]["sha256"]:
            raise SystemExit(f"{RESULTS} is of another proxy of {starter.name}. Run npm run evaluate.")
        for dtype, summary in domains(measured).items():
            entry = card["encoders"][dtype]
            if entry["suggestedAlpha"] != measured["alpha"]:
                raise SystemExit(f"{RESULTS} is of another step size of {starter.name}. Run npm run evaluate.")
            gain, low, high = summary["shifted"]["gain"]
            entry |= {
                "pearson": summary["shifted"]["pearson"],
                "spearman": summary["shifted"]["spearman"],
                "gain": gain,
                "interval": [low, high],
                "condition": f"Test, greedy, {summary['shifted']['items']} inputs: {SHIFTED[measured['task']]}. As they are: "
                + span(summary["inDomain"]["gain"]),
            }
        (folder / "proxy.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
        print(starter.name, flush=True)


def domains(measured):
    """{dtype: {shifted, inDomain}}, greedy"""
    fp32 = {}
    for key, domain in (("shifted", "shifted"), ("inDomain", "in-domain")):
        whole = lambda row: row["domain"] == domain and row["condition"] == "all"
        (cell,) = [c for c in measured["test"]["cells"] if whole(c) and c["search"] == "greedy"]
        (correlation,) = [c for c in measured["test"]["correlations"] if whole(c)]
        fp32[key] = {k: cell[k] for k in ("items", "gain")} | {k: correlation[k] for k in ("pearson", "spearman")}
    return {"fp32": fp32, "int8": measured["int8"]}


if __name__ == "__main__":
    main()
