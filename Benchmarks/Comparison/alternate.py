"""Runs numeric-heart and JAX in turn, again and again, and prints medians and spread over all turns.

    python Comparison/alternate.py [--turns N] [WORKLOAD ...]

Neighbours and clocks change while a benchmark runs; in turns they change for both alike. `python` needs jax and
numpy; numeric-heart must be built. OpenBLAS is tried with the kernels it chooses itself and with those for AVX2
(`Haswell`), JAX as it is and held to AVX2.
"""

import argparse
import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
HEART = [str(HERE.parent.parent / ".build/release/numeric-heart")]
JAX = [sys.executable, str(HERE / "jax_maml.py")]
ONE_THREAD = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}
AVX2 = {
    "XLA_FLAGS": ONE_THREAD["XLA_FLAGS"] + " --xla_cpu_max_isa=AVX2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
}
VARIANTS = {
    "heart": (HEART, {}),
    "heart, all passes": (HEART + ["--kept-passes", "99"], {}),
    "jax": (JAX, ONE_THREAD),
    "heart, AVX2": (HEART, {"OPENBLAS_CORETYPE": "Haswell"}),
    "heart, AVX2, all passes": (HEART + ["--kept-passes", "99"], {"OPENBLAS_CORETYPE": "Haswell"}),
    "jax, AVX2": (JAX, AVX2),
}

parser = argparse.ArgumentParser()
parser.add_argument("--turns", type=int, default=3)
parser.add_argument("workloads", nargs="*", default=["W1", "W1x5", "W2", "W3"])
arguments = parser.parse_args()

lines = collections.defaultdict(list)
environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
for turn in range(arguments.turns):
    for workload in arguments.workloads:
        for name, (command, variables) in VARIANTS.items():
            command = ["taskset", "-c", "0", *command, workload]
            run = subprocess.run(command, env=environment | variables, capture_output=True, text=True, check=True)
            lines[workload, name].append(json.loads(run.stdout))

for workload, name in sorted(lines, key=lambda key: key[0]):
    turns = lines[workload, name]
    rates = [turn["tasksPerSecond"] for turn in turns]
    line = f"{workload:5} {name:24} {statistics.median(rates):9.1f} tasks/s ({min(rates):.1f} to {max(rates):.1f})"
    if "shareOfPeak" in turns[0]:
        line += f", {statistics.median(turn['shareOfPeak'] for turn in turns):.1%} of the peak"
        line += f", {turns[0]['allocationsPerTask']:g} allocations"
    print(line)
