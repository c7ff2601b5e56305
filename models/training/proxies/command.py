"""What the commands about proxies begin with."""

import argparse
import time
from pathlib import Path

import torch


def clock():
    """Prints lines with the seconds since now."""
    started = time.time()
    return lambda text: print(f"{time.time() - started:5.0f} s  {text}", flush=True)


def trial(doc):
    """(arguments, log) of a trial, on one thread"""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--share", type=float, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    return args, clock()
