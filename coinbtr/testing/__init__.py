"""Sandboxes for tests of programs that trade: context managers, sync and async.

With pytest, the fixtures `coinbtr_sandbox` and `coinbtr_sandbox_server` are there without an
import; elsewhere, and in scripts:

```python
with sandbox(seed=7) as exchange:
    bot = MyBot(exchange.client())
```
"""

from coinbtr.testing.contexts import SandboxContext, ServerContext, sandbox, sandbox_server
from coinbtr.testing.options import SandboxOptions

__all__ = ["SandboxContext", "SandboxOptions", "ServerContext", "sandbox", "sandbox_server"]
