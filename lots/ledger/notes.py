"""What each field of a history document means, with its unit."""

ACCOUNT_NOTES: dict[str, str] = {
    "account_id": "The name events use for the account, unique in the household.",
    "kind": "How the law treats the account; `taxable` is the only one whose sales are taxed.",
    "owner_id": "The member of the household who owns it; none for a joint account.",
    "name": "What a person calls it.",
    "relief": "The standing order for sales that name no lots: fifo, lifo, hifo, lowest_cost, average or tax_optimal.",
    "loaded_until": "The last day its history is complete through. Missing: complete if it has any event, else unknown.",
}

EVENT_NOTES: dict[str, str] = {
    "date": "Trade date. For a lot a statement reports, the day it was acquired; for an inheritance, the day of death.",
    "account_id": "The account it happened in.",
    "event_id": "Unique name of the event. If missing it is named by its content.",
    "source": "Where it was read, for messages.",
    "replaces": "The event_id of an event this one corrects; that one then counts as never entered.",
    "symbol": "The security.",
    "new_symbol": "The security received, or the new name.",
    "shares": "Number of shares.",
    "cost_basis": "Adjusted basis of all the shares, dollars.",
    "cost": "Dollars paid for the shares, without fees.",
    "fees": "Dollars of commission and fees: added to the basis of a purchase, taken from the proceeds of a sale.",
    "proceeds": "Dollars received for all the shares, before fees.",
    "lot_id": "Name of the lot, unique in the household, without `~`.",
    "holding_start": "The date the holding period counts from, if not the day of acquisition.",
    "loss_basis": "Basis for a loss where it differs (gifts), dollars.",
    "is_inherited": "Whether the shares were inherited and so are always long-term.",
    "acquired": "The day the shares sold were acquired.",
    "disallowed_loss": "Dollars of loss the broker has already withheld as a wash sale.",
    "is_long_term": "The term the broker reports, if it does.",
    "is_reinvestment": "Whether the purchase reinvests a distribution.",
    "picks": "The lots meant, by name; their shares add up to `shares`. Empty: a relief method chooses.",
    "relief": "The relief method for this event, if not the account's.",
    "fair_market_value": "Market value of all shares given or received, dollars.",
    "amount": "Dollars.",
    "withheld": "Dollars of the amount sent to the tax office.",
    "kind": "What kind of income it is.",
    "new_shares": "Shares received for every `old_shares`.",
    "old_shares": "Shares given up or held for every `new_shares`.",
    "cash_in_lieu": "Dollars paid for the fraction of a share the position ends with.",
    "boot": "Dollars of cash received besides the shares.",
    "basis_fraction": "Part of the basis that moves to the new shares, as a fraction of one (Form 8937).",
    "to_account_id": "The account that receives.",
    "donor_basis": "The donor's adjusted basis, dollars.",
    "donor_acquired": "The day the donor's holding period counts from.",
    "gift_tax_on_appreciation": "Gift tax paid on the appreciation, added to the basis, dollars.",
    "value": "Value at death or on the alternate date, dollars.",
}

EVENT_UNITS: dict[str, str] = {
    "shares": "shares",
    "new_shares": "shares",
    "old_shares": "shares",
    "basis_fraction": "fraction of one",
}
"""The units of the numbers that are not dollars."""
