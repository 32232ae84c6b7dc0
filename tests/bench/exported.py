"""`python -m tests.bench.exported [TICKETS]`: how much memory and time an export takes, on a database of its own."""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.databases import furnished
from tests.bench.fill import filled

MANY = 100_000


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory(prefix="deskbell-export-") as folder:
        url = f"sqlite:///{folder}/desk.db"
        asyncio.run(_made(url, many))
        began = time.perf_counter()
        command = [sys.executable, "-m", "bot", "export", "office0", "--to", f"{folder}/out.tar.gz"]
        subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=True, stderr=subprocess.DEVNULL)
        seconds = time.perf_counter() - began
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        size = Path(folder, "out.tar.gz").stat().st_size // 1_000_000
        print(f"{many:,} tickets: {most} MB of memory at most, {seconds:.0f} s, {size} MB")


async def _made(url: str, many: int) -> None:
    await furnished(url, 1)
    if many:
        await filled(url, many)


if __name__ == "__main__":
    main()
