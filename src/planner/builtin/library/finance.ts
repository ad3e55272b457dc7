/** Money in, money out, and who owes whom. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const FINANCE = `
bank_accounts | accounts, ledgers accounts: owner->users?, customer->customers?, name, account_number!, currency, balance
transactions | financial transactions, transfers, money transfers: account->bank_accounts?, wallet->wallets?, security->securities?, user->users?, budget->budgets?, category->categories?, amount, type:income|expense|transfer, description?, occurred_at
expenses | spendings, costs, outgoings: user->users?, category->categories?, group->groups?, amount, description?, spent_at
incomes | earnings: user->users?, amount, source, received_at
budgets | envelopes, monthly budgets: user->users?, category->categories?, name, amount, starts_at, ends_at
invoices | bills: customer->customers?, number!, status:draft|sent|paid|overdue|cancelled, total:money, issued_at, due_at, paid_at?
invoice_items | invoice lines: invoice->invoices, description:text, quantity, unit_price:money
payments | : invoice->invoices?, order->orders?, subscription->subscriptions?, booking->bookings?, ride->rides?, loan->loans?, claim->claims?, student->students?, user->users?, amount, method:card|cash|transfer, status:pending|succeeded|failed|refunded, paid_at?
subscriptions | recurring payments: podcast->podcasts?, channel->channels?, user->users?, customer->customers?, plan->plans?, status:trialing|active|past_due|cancelled, starts_at, ends_at?
plans | subscription tiers: name!, description?, price, interval:month|year
ledgers | books of account: name!, currency
ledger_entries | journal postings, postings, accounting entries: account->ledger_accounts?, amount, type:debit|credit, description?, posted_at
ledger_accounts | chart of accounts: code!, name, type:asset|liability|equity|income|expense
currencies | : code!, name
exchange_rates | rates: currency->currencies?, rate:numeric, valid_at
taxes | tax rates: name, percent:numeric
credit_cards | bank cards, debit cards: account->bank_accounts?, last_four, expires_at
debts | mortgages, microloans, bank loans: borrower->customers?, principal:money, interest_rate:numeric, starts_at, due_at, status:open|repaid|defaulted
repayments | installments: debt->debts?, amount, due_at, paid_at?
portfolios | : owner->users, name
holdings | positions held: portfolio->portfolios?, wallet->wallets?, security->securities?, symbol, quantity:numeric, average_price:money
trades | stock trades: portfolio->portfolios?, wallet->wallets?, security->securities?, symbol, side:buy|sell, quantity:numeric, price, traded_at
securities | shares, equities, coins, cryptocurrencies: symbol!, name
savings_goals | savings: user->users?, name, target_amount, saved_amount, due_at?
receipts | : expense->expenses?, merchant, total:money, purchased_at, image_url?
splits | expense shares: expense->expenses, user->users, amount
settlements | : payer->users, payee->users, amount, settled_at
wallets | crypto wallets, digital wallets: owner->users?, customer->customers?, name, currency, balance, address?
`;
