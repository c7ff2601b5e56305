"""Beam search over the exported decoder, many inputs at once, as `src-main/engine/decoding/beam-hypotheses.ts`
does it with length penalty 1 and no early stopping (the rule of `transformers`). Sums are float32."""

import numpy as np


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def best(totals, count):
    """Indices of the largest, the largest first."""
    top = np.argpartition(-totals, count)[:count]
    return top[np.argsort(-totals[top], kind="stable")]


def advance(log_p, paths, finished, beams, length, limit, end):
    """One step of one input. log_p [open paths, V]; paths and finished: [(sum, ids)], finished by mean.
    Returns (rows that go on, their paths, finished)."""
    totals = (log_p + np.array([total for total, _ in paths], np.float32)[:, None]).ravel()
    rows, still, ended = [], [], []
    for rank, place in enumerate(best(totals, 2 * beams)):
        row, token = divmod(int(place), log_p.shape[1])
        total, ids = float(totals[place]), paths[row][1]
        if token != end and length < limit:
            if len(rows) < beams:
                rows.append(row)
                still.append((total, [*ids, token]))
        elif rank < beams:
            ended.append((total / length, ids if token == end else [*ids, token]))
    finished = sorted(finished + ended, key=lambda h: -h[0])[:beams]
    done = not rows or (len(finished) == beams and still[0][0] / length <= finished[-1][0])
    return ([], [], finished) if done else (rows, still, finished)


def beam_search(decoder, states, mask, prompt, end, limit, beams, banned=()):
    """[(mean log p, ids)] of every input, the best first, without prompt and end."""
    logits = decoder.start(states, mask, prompt)
    finished, open_paths = [[] for _ in states], {i: [(0.0, [])] for i in range(len(states))}
    for length in range(1, limit + 1):
        logits[:, list(banned)] = -np.inf
        log_p, start, going, kept = log_softmax(logits), 0, {}, []
        for i, paths in open_paths.items():
            part = log_p[start : start + len(paths)]
            rows, still, finished[i] = advance(part, paths, finished[i], beams, length, limit, end)
            kept += [start + row for row in rows]
            start += len(paths)
            if rows:
                going[i] = still
        if not going:
            break
        open_paths = going
        decoder.keep(np.array(kept))
        logits = decoder.step([ids[-1] for paths in going.values() for _, ids in paths])
    return finished
