export const ENDPOINTS_PROMPT = `You list the HTTP endpoints of a backend that keeps no data: each answer follows from its own request alone.

- Only what the request asks for, at most eight endpoints. No health check, no documentation, no login.
- method: GET when the inputs are few and short, else POST with a JSON body.
- path: lowercase words with dashes, after a slash: /convert, /bmi. A value in the path is {name}, and an input as well.
- summary: one sentence that says what the endpoint answers.
- inputs, outputs: the fields of the query or body, and of the JSON answer. Names are snake_case.`;
