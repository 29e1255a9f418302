"""MAML's meta-gradient in JAX, compiled, vectorised over tasks, one thread: what numeric-heart is compared with.

    taskset -c 0 env XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1" \
      python Comparison/jax_maml.py [WORKLOAD ...]

The query losses before and after adaptation are computed too, as numeric-heart does. Prints one JSON line a
workload, with the fields of numeric-heart: tasks a second, median and spread of nine repeats. For every workload
several numbers of tasks in one call are tried and the fastest is reported.
"""

import json
import statistics
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

REPEATS = 9


def workload(name, sizes, loss, points, steps, rate, tasks, batches):
    if sys.argv[1:] and name not in sys.argv[1:]:
        return

    def outputs(parameters, x):
        for layer, (weights, biases) in enumerate(parameters):
            x = x @ weights + biases
            if layer + 1 < len(parameters):
                x = jax.nn.relu(x)
        return x

    def objective(parameters, examples):
        x, y = examples
        z = outputs(parameters, x)
        if loss == "mse":
            return jnp.mean((z - y) ** 2)
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - jnp.sum(z * y, axis=1))

    def losses(parameters, support, query):
        before = objective(jax.lax.stop_gradient(parameters), query)
        for _ in range(steps):
            gradient = jax.grad(objective)(parameters, support)
            parameters = jax.tree.map(lambda p, g: p - rate * g, parameters, gradient)
        return objective(parameters, query), before

    def meta_loss(parameters, support, query):
        after, before = jax.vmap(losses, (None, 0, 0))(parameters, support, query)
        return jnp.mean(after), jnp.mean(before)

    @jax.jit
    def meta_step(state, support, query):
        parameters, first, second, count, _ = state
        after_and_before, gradient = jax.value_and_grad(meta_loss, has_aux=True)(parameters, support, query)
        count = count + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
        parameters = jax.tree.map(
            lambda p, m, v: p - 1e-3 * (m / (1 - 0.9**count)) / (jnp.sqrt(v / (1 - 0.999**count)) + 1e-8),
            parameters, first, second)
        return parameters, first, second, count, after_and_before

    random = np.random.default_rng(1)

    def examples(count):
        x = random.standard_normal((count, points, sizes[0])).astype(np.float32)
        if loss == "mse":
            return jnp.asarray(x), jnp.asarray(np.sin(x))
        classes = random.integers(0, sizes[-1], (count, points))
        return jnp.asarray(x), jnp.asarray(np.eye(sizes[-1], dtype=np.float32)[classes])

    parameters = [
        (jnp.asarray((random.standard_normal((i, o)) / np.sqrt(i)).astype(np.float32)), jnp.zeros(o))
        for i, o in zip(sizes, sizes[1:])
    ]
    zeros = jax.tree.map(jnp.zeros_like, parameters)

    def measure(count):
        support, query = examples(count), examples(count)
        state = (parameters, zeros, zeros, jnp.float32(0), (jnp.float32(0), jnp.float32(0)))
        state = jax.block_until_ready(meta_step(state, support, query))
        calls = 1
        while True:
            start = time.process_time()
            for _ in range(calls):
                state = meta_step(state, support, query)
            jax.block_until_ready(state)
            if time.process_time() - start > 0.2:
                break
            calls *= 2
        rates = []
        for _ in range(REPEATS):
            start = time.process_time()
            for _ in range(calls):
                state = meta_step(state, support, query)
            jax.block_until_ready(state)
            rates.append(calls * count / (time.process_time() - start))
        return statistics.median(rates), min(rates), max(rates), count

    median, low, high, count = max(measure(count) for count in batches)
    line = {"workload": name, "library": f"jax {jax.__version__}", "tasksPerSecond": round(median, 1),
            "lowest": round(low, 1), "highest": round(high, 1), "tasksPerCall": count}
    if tasks > 1:
        line["metaStepsPerSecond"] = round(median / tasks, 1)
    print(json.dumps(line), flush=True)


workload("W1", [1, 40, 40, 1], "mse", 10, 1, 0.01, 25, [25])
workload("W1x5", [1, 40, 40, 1], "mse", 10, 5, 0.01, 25, [25])
workload("W2", [13, 64, 64, 2], "softmax", 16, 5, 0.05, 1, [1, 8, 32])
workload("W3", [64, 256, 256, 10], "softmax", 64, 5, 0.05, 1, [1, 4])
