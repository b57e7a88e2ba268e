"""The operations of the tag `account`: who the token belongs to and what it may do."""

from coinbtr.sandbox.handlers.call import Call, iso


def get_profile(call: Call) -> object:
    """Answer `getProfile`."""
    account = call.exchange.accounts[call.account_id]
    return {
        "username": account.username,
        "email": account.email,
        "level": account.level,
        "created_at": iso(account.created_ms),
    }


def get_session(call: Call) -> object:
    """Answer `getSession`."""
    grant = call.owner
    permissions = grant.permissions
    return {
        "username": call.exchange.accounts[grant.account_id].username,
        "ip": call.peer,
        "token": {
            "expires": None if grant.expires_ms is None else iso(grant.expires_ms),
            "permissions": {
                "trade": permissions.trade,
                "withdraw": permissions.withdraw,
                "deposit": permissions.deposit,
            },
        },
    }
