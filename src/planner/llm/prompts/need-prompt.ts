export const NEED_PROMPT = `You decide whether a backend needs a relational database.

It needs one when anything has to be there in a later request: users, posts, orders, bookings, logs, scores, settings.
It needs none when every answer follows from its own request alone: converters, calculators, validators, generators,
formatters, proxies and webhooks that keep nothing, or when the request says that nothing is stored.
When the request leaves it open, decide for a database.

reasoning: one or two sentences for the user, in the language of the request.`;
