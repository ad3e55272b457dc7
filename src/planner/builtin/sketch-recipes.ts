/**
 * What a small stateless service takes and gives, by the words that name it. One recipe a line:
 * `METHOD /path | words (a regular expression) | inputs -> outputs | what it does`. Fields are `name:type?`; a text
 * field needs no type. `$1` stands for what the first group matched.
 */
export const RECIPES = String.raw`
GET /hello | \bhello[ -]?world\b|\bgreet(s|ing)?\b | name? -> message | Says hello
GET /time | \bcurrent time\b|\btime ?zones?\b|\bworld clock\b | zone? -> time, zone | Tells the current time in a zone
GET /weather | \bweather\b|\bforecast\b | city -> temperature:number, conditions | Tells the weather of a city
POST /convert-currency | \bcurrency|\bmonedas\b|\bmoedas\b|\bexchange rates?\b | amount:number, from, to -> result:number, rate:number | Converts an amount from one currency to another
POST /convert-color | \b(rgb|hex|hsl|cmyk|colou?rs?)\b.*\bconver|\bconver\w+\b.*\b(rgb|hex|hsl|cmyk|colou?rs?)\b | color, to -> result | Converts a color to another notation
POST /convert-markdown | \bmarkdown\b.*\bhtml\b|\bmarkdown (previewer|renderer)\b|\brender(s|er)? markdown\b | markdown -> html | Renders Markdown as HTML
POST /render-pdf | \bpdf\b.*\b(from|render|generat|creat)|\bto pdf\b|\b(generat|creat|render)\w*\b.*\bpdf\b | html -> pdf_base64, pages:integer | Renders a page as PDF
POST /merge-pdf | \bmerg\w+\b.*\bpdf\b | files:array -> pdf_base64 | Merges PDF files into one
POST /convert | \b(csv|json|xml|yaml|toml|html)\b.*\b(to|2)\b ?.*\b(csv|json|xml|yaml|toml|html)\b | content, from, to -> result | Converts a document from one format to another
POST /convert-number | \broman numerals?\b|\bbinary\b.*\bdecimal\b|\bdecimal\b.*\bbinary\b|\bbin2dec\b|\bhexadecimal\b|\bnumber bases?\b | value, from?, to -> result | Converts a number from one notation to another
POST /convert-temperature | \bcelsius\b|\bfahrenheit\b|\btemperatur\w*\b | value:number, from, to -> result:number | Converts a temperature between scales
POST /convert | \bconver\w+\b|\bumrechn\w+\b|\bconvierte\b | value:number, from, to -> result:number | Converts a value from one unit to another
POST /bmi | \bbmi\b|\bbody[- ]mass\b | height:number, weight:number -> bmi:number, category | Calculates the body mass index
POST /mortgage | \bmortgage\b|\bloan calculator\b|\bmonthly payments?\b | principal:number, annual_rate:number, years:integer -> monthly_payment:number, total_interest:number | Calculates the monthly payment of a loan
POST /tip | \btip calculator\b|\bcalculates? tips?\b | bill:number, percent:number, people:integer? -> tip:number, total:number, per_person:number | Calculates a tip and splits the bill
POST /tax | \b(vat|tax|iva|tva|gst)\b | amount:number, rate:number -> tax:number, total:number | Calculates the tax on an amount
POST /interest | \b(compound|simple) interest\b | principal:number, annual_rate:number, years:number -> amount:number, interest:number | Calculates the interest on a sum
POST /distance | \bdistance\b | from_latitude:number, from_longitude:number, to_latitude:number, to_longitude:number -> kilometers:number | Calculates the distance between two points
POST /age | \bage calculator\b|\bcalculates? (the |your |an )?age\b | birth_date, on? -> years:integer, days:integer | Calculates an age
POST /date-difference | \bdate (difference|calculator)\b|\bdays between\b | from, to -> days:integer | Counts the days between two dates
POST /day-of-week | \bday of the week\b | date -> day | Tells the day of the week of a date
POST /calories | \bcalorie calculator\b|\bcalculat\w+ calories\b | age:integer, height:number, weight:number, sex, activity? -> calories:number | Estimates the daily need of calories
POST /prime | \bprimes?\b | number:integer -> is_prime:boolean, factors:array | Tells whether a number is prime
POST /factorial | \bfactorial\b | number:integer -> result | Calculates a factorial
POST /fibonacci | \bfibonacci\b | count:integer -> numbers:array | Lists Fibonacci numbers
POST /palindrome | \bpalindrome\b | text -> is_palindrome:boolean | Tells whether a text reads the same backwards
POST /qr-code | \bqr\b | text, size:integer? -> image_base64, content_type | Draws a QR code
POST /barcode | \bbar ?codes?\b | text, format? -> image_base64, content_type | Draws a barcode
POST /password-strength | \bpassword (strength )?(check|strength|meter)\w*\b | password -> score:integer, feedback:array | Rates a password
POST /password | \bpasswords?\b|\bcontraseñas?\b|\bpasswort\b|\bmot de passe\b | length:integer?, symbols:boolean?, digits:boolean? -> password | Generates a password
POST /uuid | \buu?ids?\b | count:integer? -> ids:array | Generates unique ids
POST /random-number | \brandom numbers?\b|\bdice\b | minimum:integer?, maximum:integer? -> number:integer | Draws a random number
GET /joke | \bjokes?\b | -> joke | Tells a joke
POST /name | \bname generator\b|\brandom names?\b | count:integer?, style? -> names:array | Makes up names
POST /lorem | \blorem\b|\bplaceholder text\b | paragraphs:integer? -> text | Makes placeholder text
POST /placeholder-image | \bplaceholder images?\b | width:integer, height:integer, text? -> image_base64, content_type | Draws a placeholder image
POST /slug | \bslugs?\b | text -> slug | Makes a slug of a title
POST /palette | \bpalettes?\b|\bgradients?\b | color?, count:integer? -> colors:array | Makes matching colors
POST /image | \b(generat\w+ images?|text to image|image generator)\b | prompt, width:integer?, height:integer? -> image_base64, content_type | Makes an image from a description
POST /validate-iban | \bibans?\b | iban -> valid:boolean, country, reason | Checks an IBAN
POST /validate-email | \be-?mails?\b.*\b(valid|verif|check)|\b(valid|verif|check)\w*\b.*\be-?mails?\b | email -> valid:boolean, reason | Checks an email address
POST /validate-card | \bcredit cards?\b|\bluhn\b | number -> valid:boolean, brand | Checks a card number
POST /jwt/decode | \bjwts?\b.*\bdecod|\bdecod\w*\b.*\bjwts?\b | token -> header:object, payload:object | Decodes a JWT
POST /jwt/verify | \bjwts?\b | token, secret -> valid:boolean, payload:object | Verifies a JWT
POST /regex | \breg(ular )?ex\w*\b | pattern, text, flags? -> matches:array | Tries a regular expression on a text
POST /format | \b(json|xml|html|css|sql|code)\b.*\b(format|minif|prett|beaut)\w*|\bformatter\b | content, indent:integer? -> result | Formats a document
POST /base64 | \bbase64\b | text, direction? -> result | Encodes or decodes Base64
POST /hash | \bhash\w*\b|\bsha-?256\b|\bmd5\b|\bchecksum\b | text, algorithm? -> hash | Hashes a text
POST /encrypt | \b(encrypt|decrypt|cipher)\w*\b | text, key, direction? -> result | Encrypts or decrypts a text
POST /resize | \bresiz\w+\b|\bthumbnails?\b|\bcrop\w*\b | image_base64, width:integer, height:integer? -> image_base64, content_type | Resizes an image
POST /compress | \bcompress\w*\b | content_base64, quality:integer? -> content_base64, size_bytes:integer | Compresses what it is sent
POST /ocr | \bocr\b|\btext from (an? )?(image|photo)s?\b | image_base64, language? -> text | Reads the text of an image
POST /transcribe | \btranscrib\w+\b|\bspeech[- ]to[- ]text\b|\bspeech into text\b | audio_base64, language? -> text | Writes down what is spoken
POST /speech | \btext[- ]to[- ]speech\b | text, voice? -> audio_base64 | Speaks a text
POST /translate | \btranslat\w+\b|\bpig latin\b|\bmorse\b | text, from?, to? -> text | Translates a text
POST /summarize | \bsummar\w+\b | text, sentences:integer? -> summary | Summarises a text
POST /sentiment | \bsentiment\b | text -> sentiment, score:number | Judges the mood of a text
POST /language | \blanguage detect\w*\b|\bdetect\w* (the )?language\b | text -> language, confidence:number | Tells the language of a text
POST /spelling | \bspell\w*\b|\bgrammar\b | text -> mistakes:array | Finds spelling mistakes
POST /count | \bword count\w*\b|\bcount\w*\b.*\b(words|characters|letters|vowels)\b | text -> words:integer, characters:integer | Counts the words of a text
POST /diff | \bdiff\b | before, after -> changes:array | Compares two texts
POST /reverse | \brevers\w+\b.*\b(strings?|texts?)\b | text -> result | Reverses a text
POST /parse-url | \burl pars\w+\b|\bpars\w+ (an? )?urls?\b | url -> host, path, query:object | Takes a URL apart
POST /parse | \bpars\w+\b | content -> result:object | Parses what it is sent
POST /ip | \bip (address )?lookup\b|\bgeoip\b | ip -> country, city | Tells where an address is
POST /geocode | \bgeocod\w+\b | address -> latitude:number, longitude:number | Finds the coordinates of an address
POST /webhook | \bwebhooks?\b | event?, payload:object -> accepted:boolean | Takes a webhook call and passes it on
POST /message | \b(slack|discord|telegram|sms|twilio)\b | text, channel? -> sent:boolean | Sends a message
GET /proxy | \bprox(y|ies)\b|\bgateway\b|\bforward\w*\b|\brelay\b | url -> status:integer, body | Passes a call on and returns the answer
POST /scrape | \bscrap\w+\b|\bcrawl\w*\b|\bscreenshots?\b | url -> title, content | Reads a page
POST /solve | \bsudoku\b|\bsolv\w+\b | problem -> solution | Solves a problem
GET /echo | \becho\b|\bping\b | message? -> message | Answers with what it was told
`;
