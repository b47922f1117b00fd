"""The composition root, in a process of its own."""

import subprocess
import sys

from tests.harness import ROOT, environment

SCRIPT = """
import asyncio, gc
from types import SimpleNamespace
from chatkit_app import chatkit_app
from chatkit_app.runs import MemoryRuns

async def live():
    async with chatkit_app._lifetime(SimpleNamespace(), SimpleNamespace(), MemoryRuns(None))():
        print(gc.get_freeze_count(), len(gc.get_objects()))

asyncio.run(live())
"""


def test_once_it_runs_the_garbage_collector_does_not_visit_what_was_loaded(tmp_path):
    variables = environment({"CHATKIT_DATA_DIR": str(tmp_path)})
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    frozen, visited = map(int, done.stdout.split()[-2:])
    assert frozen > 100 * visited
