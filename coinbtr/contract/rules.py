"""What a server is held to: every rule with its stable code and its sentence."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# A code is never given to another rule. The hundreds: 1 one answer, 2 requests, 3 tokens and
# accounts, 4 orders, 5 money, 6 market, 7 lists.
RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # one answer
        "C101": "No answer has a status of 500 or more.",
        "C102": "The status of an answer is one that the operation documents.",
        "C103": "The content type of an answer is application/json.",
        "C104": "A documented header that is required is there, and as documented.",
        "C105": "Every request gets a complete answer.",
        "C106": "An answer is compressed, if at all, in a way that the request asked for.",
        "C111": "An answer is exact JSON: UTF-8, no key twice, no NaN, no Infinity.",
        "C112": "Numbers are written without an exponent.",
        "C113": "Amounts, prices and rates have at most the documented decimals.",
        "C121": "An answer keeps to the schema of its status.",
        "C131": "`success` is true at 200 and false at every other status.",
        "C132": "An error code comes with its own status.",
        # what one answer says
        "C141": "An order adds up (initial_amount = amount + filled) and is open with amount left.",
        "C142": "A trade adds up: value = amount × price; the fee's coin is the coin received.",
        "C143": "A balance is no less than its available and pending parts.",
        "C144": "An order book is sorted, has each price once, and isn't crossed.",
        "C145": "A list is newest first, and has nothing twice.",
        "C146": "A list or book has no more entries than the limit.",
        "C147": "The answer is about the coin, market, side or id that was asked for.",
        "C148": "A ticker agrees with itself: low ≤ high, bid < ask.",
        # requests
        "C201": "A request that keeps to the description is accepted, or refused as documented.",
        "C202": "A request that breaks the description is refused.",
        "C203": "A refusal has the documented status and code.",
        "C205": "A method that isn't documented is answered with 405.",
        "C206": "A 405 lists in Allow the methods that the path has.",
        # tokens and accounts
        "C301": "Without a token, private operations answer 401 authentication_required.",
        "C302": "With a wrong token, private operations answer 401 invalid_token.",
        "C303": "Another account's orders and trades are not found and not listed.",
        "C304": "Profile, session, addresses and deposits are those of the account that asks.",
        "C305": "A token that the sandbox has just issued is accepted.",
        # orders
        "C401": "Placing answers the order that was asked for.",
        "C402": "An open order is in the list of open orders, as it was placed.",
        "C403": "An open order can be fetched by its id, as it was placed.",
        "C404": "A cancelled or filled order is neither listed nor found.",
        "C405": "An order is cancelled once only.",
        "C406": "Ids are never used again.",
        "C407": "A cancel operation cancels orders of its own side only.",
        "C408": "A refused request changes nothing.",
        "C409": "Orders beyond the market's limits and steps are refused with 422.",
        "C410": "An order that would meet one of its own account is refused with 409 self_trade.",
        "C411": "An order is filled at once as far as the book allows, and no further.",
        "C412": "A time says when something happened; times never run backwards.",
        "C413": "Cancelling answers the order as it was cancelled, or no order.",
        "C420": "An order that is placed later is dated no earlier.",
        "C421": "A trade or transfer, once told, stays as it was.",
        # money
        "C501": "An open order holds exactly amount × price (buy) or amount (sell).",
        "C502": "Cancelling releases exactly what the order still held.",
        "C503": "A trade moves exactly amount, value and fee.",
        "C504": "A withdrawal takes exactly amount + fee, at once.",
        "C505": "More than what is available can't be ordered or withdrawn.",
        "C506": "A withdrawal is listed as it was asked for.",
        "C507": "The list of balances, a single balance and the deposit address agree.",
        "C508": "What nothing was done to doesn't change.",
        "C509": "What is pending of a coin is what its unconfirmed deposits add up to.",
        "C510": "A deposit is confirmed once it has the confirmations that its coin requires.",
        "C511": "On the sandbox a transfer moves on with each block of its coin.",
        "C512": "On the sandbox a deposit that arrives is listed, and available once confirmed.",
        # market
        "C601": "The order book shows an open order at its price, and only while it is open.",
        "C602": "A trade happens at the best price, which is the resting order's.",
        "C603": "At one price the older order is filled first.",
        "C604": "The ticker agrees with the order book and the last trade.",
        "C605": "The volume grows by exactly what was traded.",
        "C606": "Both accounts find a trade in their transactions.",
        "C607": "What was traded more than 24 hours ago is in no volume, high or low.",
        # lists
        "C701": "limit and offset cut a list without leaving out or repeating an entry.",
        "C702": "A filter leaves what it names and nothing else.",
        "C703": "Coins and markets are taken in any case.",
    }
)
