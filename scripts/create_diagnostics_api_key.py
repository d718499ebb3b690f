"""Make an API key: the same as scripts/create_diagnostics_api_key.sh, for those who type python."""

import pathlib
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
command = root / "node_modules" / ".bin" / ("rossmann.cmd" if sys.platform == "win32" else "rossmann")
if not command.exists():
    sys.exit("the dependencies are not installed: run npm ci first")
sys.exit(subprocess.run([str(command), "keys", "create", *sys.argv[1:]], cwd=root).returncode)
