"""The contract test judges a recording, and sends nothing for it."""

import subprocess
import sys
from pathlib import Path

command = Path(sys.executable).with_name("coinbtr")
# One line of a recording: an answer whose success is no truth value.
recording = Path("recording.har")
recording.write_text(
    """{"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [{
    "startedDateTime": "2026-01-01T00:00:00Z", "time": 1,
    "request": {"method": "GET", "url": "http://127.0.0.1:8642/api/v1/market/listbooks",
      "httpVersion": "HTTP/1.1", "headers": [], "queryString": [], "cookies": []},
    "response": {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "cookies": [],
      "headers": [{"name": "content-type", "value": "application/json"}],
      "content": {"size": 17, "mimeType": "application/json", "text": "{\\"success\\": 17}"}}
    }]}}"""
)
done = subprocess.run([command, "contract", "judge", recording], capture_output=True, text=True)
assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
assert "listBooks" in done.stdout, done.stdout
