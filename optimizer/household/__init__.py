"""A household as a person writes it: a folder of three files, read into a problem with every fault at its line.

`household.toml` says who, what and where to; `lots.csv` what is held; `prices.csv` what it is worth. Weights, rates and
yields are in per cent and say so in their key (`_pct`), money is in dollars. A key nobody defined is a fault, nothing
is guessed, and a key that is left out takes the default of the document (see `bandwise schema problem`) unless it
says otherwise below::

    household = "The Example family"
    as_of = 2026-12-14                  # prices and lots are of this day, and trades happen on it
    max_price_age_days = 7              # a dated price older than this is a fault (7 when left out)
    levers = ["income", "location"]     # all six when left out

    [taxpayer]
    year = 2026                         # the year of as_of when left out
    filing_status = "mfj"               # single, mfj, mfs, hoh, qss
    ordinary_pct = 35.0                 # what one more dollar costs, every tax together
    long_term_pct = 23.8
    deduction_pct = 32.0                # ordinary_pct when left out, 0 for a household that does not itemise
    gains = { short = 4200, long_carryover = 11000 }    # further: long, short_carryover, expected_short, expected_long

    [owners.anna]
    birth_date = 1968-05-02             # needed when money may leave a retirement account of hers; further:
                                        # charitable_distributions, those of this year from her IRAs so far

    [accounts.joint]                    # the name lots.csv uses
    kind = "taxable"                    # taxable, traditional_ira, roth_ira, 401k, roth_401k, hsa, 529, donor_advised
    cash = 1234.56
    # further: name, owner, cash_floor, menu = ["VTI"], contribution_room, contribution_deductible, contributions_made,
    # withdrawals_allowed, traded, share_step, do_not_sell, do_not_buy, max_sold, max_bought, fee_bps, ticket_fee,
    # numbers = ["XXXX-4321"] (what the broker's files call it)

    [bands]                             # for every segment that says nothing else; these are the defaults
    band = "relative"                   # relative: per cent of the target; absolute: percentage points; none; more below
    band_pct = 20
    # further: band_below_pct and band_above_pct where the sides differ, band_floor_pct (points) for a floored band;
    # band = "5/25" is five points or a quarter of the target, "volatility" scales band_pct by the segment's volatility
    destination = "edge"                # where trades stop: edge, half-way, target, or 0 (target) to 1 (edge)

    [segments.stocks]                   # a parent: its target is the sum of its parts unless it states one
    [segments.technology]
    parent = "stocks"
    target_pct = 12.5                   # needed; the targets of all segments without parts sum to 100
    # further: name, and band, band_pct, band_below_pct, band_above_pct, band_floor_pct, destination as in [bands]

    [watch]
    look = "month"                      # day, month, quarter, half-year, year, or a list of days; act = "always"

    [securities.XLK]                    # the symbol lots.csv uses; quote one with a dot: [securities."BRK.B"]
    segment = "technology"              # or, to look through a fund: exposures_pct = { technology = 30, energy = 70 }
    qualified_yield_pct = 0.6
    # further: name, ordinary_yield_pct, volatility_pct, half_spread_bps, identical_group

    [[income]]                          # dividends and interest waiting as cash
    account = "joint"
    amount = 1900                       # paid_by = "XLK", when one security paid it

    [[reinvestments]]                   # dividends that the broker turns into more shares
    account = "joint"
    symbols = ["XLK"]                   # everything held there when left out
    next_pay = 2026-12-21               # further: amount and can_be_switched_off = false

    [[contributions]]
    amount = 14000
    into = ["joint"]                    # accounts that may take it; one name may stand without brackets
                                        # on = 2026-12-31, when it comes later: `bandwise invest scheduled`

    [[withdrawals]]
    amount = 20000
    from = ["joint", "ira"]             # net = true, when the amount is what is to be left after tax

    [[donations]]
    amount = 15000
    from = "joint"                      # in shares or cash; from the IRA of an owner of 70 1/2, straight to the charity
                                        # further: ways = ["in_kind", "cash", "qcd"]; up_to = true, with least_saving_pct

    [[loss_sales]]                      # sales at a loss already made, which keep the security from being bought
    account = "joint"
    symbol = "XLK"
    sold = 2026-12-01
    shares = 10
    loss = 420.50

    [wishes]
    do_not_sell = []                    # further: do_not_buy, restricted, keep_lots, keep_accounts, min_holding_days,
                                        # no_short_term_gains, wait_for_long_term_days; in dollars max_short_gain,
                                        # max_long_gain, max_net_gain, max_gains_tax, max_agi, max_turnover, min_harvest,
                                        # min_trade; max_orders, a count; max_turnover_pct, min_harvest_pct

    [[wishes.preferences]]              # what is bought of a segment: the first that may be bought, nothing else
    segment = "technology"
    buy = ["XLK"]                       # the most wanted first
    accounts = "taxable"                # taxable, sheltered, or all (when left out)

    [[wishes.set_asides]]               # cash kept apart from the portfolio until a day
    purpose = "the roof"
    amount = 20000
    account = "joint"                   # until = 2027-01-15

    [[wishes.holding_limits]]           # the most of an account that a symbol or a segment may make up
    account = "joint"
    symbol = "XLK"                      # or segment = "technology"
    at_most_pct = 25

    [outlook]
    horizon_years = 10                  # further: future_long_term_pct, discount_pct, untaxed_pct,
                                        # carryforward_value_pct, location_years, retirement_pct

`band_pct = 20` around a target of 12.5 % is the band from 10 % to 15 %; an absolute `band_pct = 2` would be 10.5 % to
14.5 %. Edges are cut off at 0 % and 100 %. A destination of 0.5 stops half-way between the target and the edge.

A policy may share out a parent's target among its parts that state none. Its options stand under `options`, fractions of the
parent as `_pct`; prices through time lie in the household's folder, with a column a segment or security::

    [targets]
    policy = "trend"                    # equal, custom, inverse-volatility, risk-parity, minimum-variance, cluster-risk,
                                        # trend, market, slow-market, shrunk-market, dated, or one of an installed package
    options = { months = 10, cap_pct = 20 }
    prices = "history.csv"              # further: market = "market.csv", weights = "weights.csv" for the policy "dated"

In the place of the three rates the year's income may stand by name, the whole year's and without the plan; the tax is then
the law's whole return, and `max_agi` among the wishes keeps adjusted gross income under an edge of the household's choice::

    [taxpayer.income]
    age = 58                            # at the end of the year, with spouse_age; from the birth dates when both are left
                                        # out and there are not more owners than filers; further: is_blind, is_spouse_blind,
                                        # is_living_apart, has_itemizing_spouse
    wages = 185000
    ordinary_dividends = 3100           # further: interest, exempt_interest, qualified_dividends, ira_withdrawals,
    property_taxes = 9000               # pensions, early_withdrawals, social_security, other_income,
                                        # other_investment_income, ira_deduction, hsa_deduction, other_adjustments,
                                        # medical_expenses, state_taxes, mortgage_interest, other_itemized, cash_gifts,
                                        # fund_gifts, short_property_gifts, long_property_gifts
    state = { code = "CO", rate_pct = 4.4 }     # your own rate, of federal taxable income; further: long_rate_pct

Where the law of the year is not on file, `extrapolate_from = 2026` under `[taxpayer]` lets an older year's figures stand in, and
what rests on them is stamped. What next year will be other than this one, for a plan over both (`bandwise year-end`)::

    [next_year]
    ordinary_pct = 24.0                 # further: long_term_pct, deduction_pct; this year's when left out
    bands_by = "december"               # or january: bands may wait for the trades of January
    gifts_may_wait = false              # whether gifts promised may be made in January and deducted next year

    [next_year.income]                  # in the place of rates, beside [taxpayer.income]: what is stated here takes the
    wages = 120000                      # place of this year's amount, the rest stays

`lots.csv` has the columns `account,symbol,acquired,quantity,cost_basis` and may have `holding_period_start,note,lot`
and, for gifts and estates, `loss_basis,inherited`, in any order. The basis is that of the whole lot; dates are like
2026-03-04. Account, symbol and quantity are needed in every row, date and basis where sales are taxed. `lot` is the
lot's id; without one it is made as SYMBOL-ACCOUNT-YYYYMMDD-n, n counting from the top. `loss_basis` is a gift's basis
for a loss where that is less; `inherited` is yes for shares of an estate.

Where `bandwise import` has made a ledger (`ledger.db`, or the PostgreSQL database whose URL stands in `ledger.url`), lots come
from there as they stood at the end of `as_of`, and `lots.csv` is for what the ledger does not have, or left out. Cash, gains of
the year and recent loss sales come from the ledger, too, where the file states none.

A portfolio that follows a benchmark name by name states it in one table and a few files of numbers::

    [benchmark]
    constituents = "constituents.csv"   # symbol,weight_pct and perhaps price,half_spread_bps,name
    segment = "us_large"                # where names stand that have no table among the securities
    loadings = "loadings.csv"           # symbol,specific_volatility_pct and a column per factor, such as a sector
    factor_covariance = "factors.csv"   # factor and a column per factor, fractions squared a year
    max_tracking_error_pct = 1.0        # further: covariance = "covariance.csv" in the place of the two, variance_price,
    name_band_pct = 25                  # max_drift_pct (half the sum of distances), one_way = false

`prices.csv` has `symbol,price` and may have `date`: one row for every security, and none for anything else.

All three are UTF-8. Left out on purpose: other date and number styles (1,234.56 or 3/4/26), because two readings are
one too many; statements of brokers are the importers' work.
"""

from optimizer.household.declared import Declared, read_declared
from optimizer.household.reader import read_household
from optimizer.household.template import first_day, write_template

__all__ = ["Declared", "first_day", "read_declared", "read_household", "write_template"]
