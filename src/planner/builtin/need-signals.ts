/** A sign in a prompt that the software keeps data, or that it does not. */
export interface NeedSignal {
  readonly name: string;
  readonly pattern: RegExp;
  /** For people, after «it»: `keeps a history`. */
  readonly says: string;
  /** Decides alone; the others are weighed. */
  readonly decides?: boolean | undefined;
}

/** Spoken denials come first: «no database» holds the word database. */
export const AGAINST: readonly NeedSignal[] = [
  {
    name: 'denied',
    decides: true,
    says: 'says that nothing is stored',
    pattern:
      /\b(stores?|saves?|persists?|keeps?|caches?|logs?|records?|remembers?) (nothing|no (data|state|user data|records?|information))\b|\b(no|without( an?y?)?|not? (need|use|require) an?y?|needs no|requires no) (database|db|persistence|persistent storage|storage|data ?store|state)\b|\bnothing (is|gets|will be|should be|needs to be) (stored|saved|persisted|kept)\b|\bwithout (storing|saving|persisting|keeping)\b(?! (?:plain|clear|raw|password|card|credit))|\bstateless\b(?! (?:jwt|auth|session|token|login))|\b(does|do|should|must|shall)(n't| not) (store|save|persist|keep)\b(?! (?:plain|clear|raw|password|card|credit))|\bin[- ]memory only\b|\bnot (stored|saved|persisted)\b|\bsin base de datos\b|\bohne datenbank\b|\bsans base de donn[ée]es\b|\bsem banco de dados\b/i,
  },
  {
    name: 'browser',
    says: 'keeps its data in the browser',
    pattern: /\blocal ?storage\b|\bindexeddb\b|\bclient[- ]side only\b|\bcookies? only\b/i,
  },
  {
    name: 'convert',
    says: 'converts one thing into another',
    pattern:
      /\bconvert(s|er|ers|ing)?\b|\bconversions?\b(?! rate)|\bconvertisseur|\bconversor|\b\w+ ?2 ?(json|csv|html|dec|pdf)\b|\btranslat(e|es|or|ing) (text|between|from)|\btransform(s|er)?\b|\bconvierte\b|\bumrechn|\bkonvertier|\bconvertit\b|\bconverte\b|\btransliterat|\bturns? \w+( \w+)? (in)?to\b|\bwandl?e\b.*\bum\b|\btranslators?\b(?!,| and)|\btranslation (api|service)\b|\bto (pdf|html|json|csv)\b/i,
  },
  {
    name: 'calculate',
    says: 'calculates a result from its input',
    pattern:
      /\b(adds?|subtracts?|multipl(y|ies)|divides?|sums?) (up )?(two |the )?numbers?\b|\bcalculat(e|es|or|ors|ing)\b|\bcomput(e|es|ing)\b(?! engine)|\bsolv(e|es|er)\b|\bbmi\b|\bfactorial\b|\bprimes?\b|\bfibonacci\b|\balgorithm\b|\bformula\b|\bcalcula\b|\bberechne|\bcalcule\b|\brechner\b|\bcalculadora\b|\bcalculatrice\b/i,
  },
  {
    name: 'generate',
    says: 'generates something new at each call',
    pattern:
      /\bqr[ -]?codes?\b|\b(?!code )\w+ generators?\b|\bgenerador\b|\bg[ée]n[ée]rateur\b|\bgerador\b|\bpalettes?\b|\bplaceholder (?:image|text)s?\b|\btext[- ]to[- ]speech\b|\b(password|name|number|uuid|id|token|color|palette|gradient|lorem|qr|barcode|avatar|placeholder|meme|image|text|quote|markdown|pdf|sitemap|slug|hash|key|art)[- ]?(code)?s? (generator|maker|creator)\b|\b(ascii|pixel) art\b|\bgenerat\w+ (\w+ )?(badges?|charts?|icons?|svgs?|captchas?|favicons?|invoice pdfs?)\b|\bgenerat(es?|ing|or) (?:an? )?(random|qr|uuids?|passwords?|images?|pdfs?|barcodes?|names?|hash|strings?|lorem|slugs?|thumbnails?|speech|avatars?|placeholder)|\brandom\b|\bgenera (contrase|c[óo]digos)/i,
  },
  {
    name: 'validate',
    says: 'checks its input and answers',
    pattern:
      /\bvalidat(e|es|or|ors|ing) (an? )?(iban|ibans|email|emails|json|xml|yaml|credit|phone|url|urls|vat|isbn|syntax|input|html|css|jwt|password|card)|\bvalidator\b|\bverifier\b|\bchecker\b|\b(checks?|tells?|returns?|says?) (whether|if|when)\b|\bwhat is my\b|\bverif(y|ies) (an? )?(iban|email|signature|checksum|jwt)|\blinter\b|\bspell|\bvalida\b (iban|email)|^\s*(?:an? )?(?:\w+ )?(?:endpoint|api|service|function) (?:which|that) (?:returns|tells|gives|computes|signs)\b/i,
  },
  {
    name: 'format',
    says: 'works on the text or file it is given',
    pattern:
      /\b(format(s|ter|ting)?|minif(y|ies|ier)|prettif(y|ies)|beautif(y|ies|ier)|encod(e|es|er|ing)|decod(e|es|er|ing)|pars(e|es|er|ing)|compress(es|or|ion)?|resiz(e|es|er|ing)|crop(s)?|hash(es|ing)|encrypt(s|ion)?|decrypt(s)?|render(s|er|ing)?|highlight(s|er)?|diff|merge[sr]? pdf|merges|unzip|zip|base64|regex|regexp|ocr|cipher|summari[sz]e[sr]?|sentiment|language detection|shortens? (?:an? )?text|count(s)? (words|vowels|characters|letters)|word count|thumbnail|watermark|extracts?|transcrib\w*|sanitiz\w*|reverses?|sorts?|shuffl(e|es|ing)|strips? (?:exif|metadata|html|tags|whitespace)\w*|detects? (?:the )?(?:language|faces?|objects?|mood|spam)|signs? (?:pdfs?|files?|documents?)|splits? (?:an?|the) (?:\w+ )?(?:bill|string|text|pdf)|screenshots?) ?|^\s*(?:rotate|flip|blur|invert|replace|tell|estimate|guess|detect|find|round|merge|split|strip|solve|draw|render) (?:me |us )?(?:an?|the|all|two|bad)\b/i,
  },
  {
    name: 'pass on',
    says: 'passes calls on to another service',
    pattern:
      /\bposts? (?:an? |the )?(?:messages?|notifications?) to (?:slack|discord|teams|telegram)\b|\bproxy\b|\bproxies\b|\bforward(s|er|ing)?\b|\brelay(s)?\b|\bredirect(s|or)?\b(?!.*short)|\bgateway\b|\bload balanc|\breverse proxy\b|\brout(e|es|er|ing) requests\b/i,
  },
  {
    name: 'fetch',
    says: 'shows what another service knows',
    pattern:
      /\bweather\b(?! (?:stations?|loggers?|measurements?|observations?))|\bsun(?:rise|set)\b|\bfortune cookies?\b|\bmock (?:rest )?(?:api|data|server)\b|\blorem ipsum\b|\bfetcher\b|\blookup\b|\bexchange rates\b|\b(fetch|fetches|calls?|uses?|using|from|hits?|wraps?|consumes?) (the |an? )?(\w+ ){0,3}(api|apis)\b|\bscrap(e|es|er|ing)\b|\bexternal api\b|\bgithub'?s? api\b|\btwilio\b|\bopenai\b|\bsearch for (books|movies)\b|\bexchange rates? api\b|\bcurrent (time|price)\b/i,
  },
  {
    name: 'game',
    says: 'is played in one sitting',
    pattern:
      /\bgame\b(?!.*\b(lobby|account|leaderboard|users?)\b)|\btic[- ]tac|\bpuzzle\b|\bmemory cards?\b|\bhangman\b|\brock,? paper\b|\bdice\b|\bsimulat(or|ion|e|es)\b(?!.*\b(?:users?|accounts?|portfolios?|players)\b)/i,
  },
  {
    name: 'static',
    says: 'only shows fixed pages',
    pattern:
      /\bstatic\b|\blanding page\b|\bportfolio (site|website|page)\b|\bbiography\b|\bslider\b|\bcarousel\b|\bpreview(er|s)?\b|\bcss\b|\banimation\b|\bcanvas\b|\bstopwatch\b|\btimer\b|\bclock\b|\bcount(?:s|ing)? ?down\b|\bdrawing\b|\bdraw\b/i,
  },
  {
    name: 'plumbing',
    says: 'shows how a tool is used',
    pattern:
      /\bhello[ -]?world\b|\b(example|template|boilerplate|starter|tutorial)\b|\blambda\b|\bserverless\b|\bcron\b|\bscheduled?\b(?=.*\bfunction\b)|\becho(es)?\b|\bping\b|\bhealth ?check\b|\bwebhooks?\b|\bs3\b|\bsqs\b|\bsns\b|\bkinesis\b|\bqueue\b|\bevent (trigger|subscription)|\bbot\b|\bslack\b/i,
  },
];

export const FOR: readonly NeedSignal[] = [
  {
    name: 'recall',
    decides: true,
    says: 'answers from what it was told before',
    pattern:
      /\bremember(s|ing)?\b(?! me\b)|\b(look(ed)?|read|found?|see|get|fetch|search(ed)?|come) (it |them |these |those )?(up |back |again )*(later|again|afterwards)\b|\b(past|previous|earlier|old|saved|stored) (results?|calculations?|conversions?|runs?|entries|searches|requests|messages|versions?|checks)\b|\b(save|keep|store)s? (the |my |your |their |all |each |every )?(last|recent|results?|favou?rites?)\b|\bwho (borrowed|bought|rented|owes|attended|visited|voted|rated|joined)\b|\bwhich \p{L}+ \p{L}+ed which\b/iu,
  },
  {
    name: 'history',
    decides: true,
    says: 'keeps a log or a history',
    pattern:
      /\bkeeps? (an? |the )?(log|history|record|track)\b|\b(stores?|saves?|records?|logs?) (every|each)\b|\bwith (a |full |their )?history\b/i,
  },
  {
    name: 'database',
    decides: true,
    says: 'names a database or its tables',
    pattern:
      /\b(postgres\w*|mysql|sqlite|mongo\w*|dynamodb|dynamo|mariadb|firestore|supabase|d1|neon|pymongo|pynamodb|cockroachdb|sql server|oracle)\b|\bdata ?base\b|\bdatenbank\b|\bbase de (datos|donn[ée]es)\b|\bbanco de dados\b|\bforeign keys?\b|\bprimary keys?\b|\b(prisma|sequelize|typeorm|drizzle|knex|sqlc|orm|mongoose|pgvector)\b|(?<!\b(?:formats?|parses?|lints?|generates?|converts?|explains?) )\bSQL\b(?!(?: query)? (?:formatter|parser|linter|generator|to|converter))/i,
  },
  {
    name: 'crud',
    says: 'lets people create, change and delete things',
    pattern:
      /\bcrud\b|\b(add|create|adding|creating|post|compose)\b[^.]{0,60}\b(edit|update|delete|remove|editing|deleting|updating|removing|modify|manage|view)\b|\b(edit|update|delete|remove)\b[^.]{0,40}\b(records?|entries|items|posts?|tasks?|notes?|events?)\b|\bmutations?\b|\bcr[ée]er\b.*\bmodifier\b|\bverwalte/i,
  },
  {
    name: 'manage',
    says: 'manages records',
    pattern:
      /\bmanag(e|es|ing|er|ement)\b(?! (state|memory|process))|\badministrat(e|ion|ive)\b|\binventory\b|\bcatalog(ue)?\b|\bgesti[oó]n(ar)?\b|\bverwaltung\b|\bg(estion|érer|erenciar|estão)\b/i,
  },
  {
    name: 'keep',
    says: 'keeps what it is told',
    pattern:
      /\b(stor(e|es|ing|age)|sav(e|es|ing)|persist(s|ent|ed)?|record(s|ing|ed)?|track(s|er|ing|ed)?|log(s|ged|ging)|remember(s)?|keeps? track|archiv(e|es|ing)|collect(s|ing|ed)?|histor(y|ical)|registr(y|o)|journal|diary|backlog|bookmark(s)?|favou?rites?|wishlist|wait(?:ing)?[- ]?list|guest ?book|loyalty|guardar?|speicher\w*|enregistr\w*|salvar?)\b/i,
  },
  {
    name: 'accounts',
    says: 'has users with accounts of their own',
    pattern:
      /\b(user|customer|member|admin|student|employee)s?('s)? (accounts?|profiles?|registration|management|can)\b|\b(sign ?up|signup|register|registration|log ?in|login|multi-?user|multi-?tenant|accounts?|profiles?|permissions|roles|admins?|usuarios?|benutzer|utilisateurs?|usu[áa]rios?)\b/i,
  },
  {
    name: 'social',
    says: 'lets people share what others see later',
    pattern:
      /\b(posts?|comments?|reviews?|ratings?|likes?|follow(s|ers)?|messages?|chat|forum|discussion|social|community|feedback|vot(e|es|ing)|polls?|surveys?|newsletter|subscri(be|bers?|ptions?)|share|sharing|collaborat\w+|leaderboard|high scores?)\b/i,
  },
  {
    name: 'commerce',
    says: 'takes orders, bookings or payments',
    pattern:
      /\b(orders?|cart|checkout|e-?commerce|shop|store front|online store|bookings?|reserv(e|ations?)|appointments?|invoices?|payments?|purchas\w+|rent(al|als|ing)?|leas(e|ing)|tickets?|auctions?|bid(s|ding)?|donat\w+|sell(ing|ers?)?|customers?|products?|pedidos?|bestellungen|commandes?|tienda|loja|boutique)\b/i,
  },
  {
    name: 'people',
    says: 'is about people of whom records are kept',
    pattern:
      /\b(students?|teachers?|patients?|doctors?|employees?|members?|clients?|guests?|suppliers?|vendors?|authors?|candidates?|employers?|drivers?|players?|alumnos?|schüler|étudiants?|alunos?|kunden|mitarbeiter)\b/i,
  },
  {
    name: 'plans',
    says: 'organises tasks, events or plans',
    pattern:
      /\b(tasks?|to-?dos?|todo list|notes?|kanban|trello|projects?|schedul(e|es|ing)|calendar|events?|habits?|budgets?|expenses?|chores?|workouts?|meals?|recipes?|flashcards?|plan(ner|ning)|goals?|courses?|books?|librar(y|ies)|quizz?(es)?|question bank)\b/i,
  },
  {
    name: 'platform',
    says: 'is a service that many use over time',
    pattern:
      /\b(platform|crm|cms|erp|saas|marketplace|portal|back ?office|admin panel|dashboard|clone|hr|pos|lms|backend for|management system|information system|directory|blog|wiki)\b/i,
  },
  {
    name: 'shortener',
    says: 'has to find again what it gave out',
    pattern:
      /\b(url|link) ?shorten\w*|\bshorten\w* (url|link)|\bpastebin\b|\bshort (url|link)s?\b|\bapi keys?\b.*\bmanag|\bkeep track\b|\bhow many times\b|\bcounter\b.*\bpersist|\bsession/i,
  },
];
