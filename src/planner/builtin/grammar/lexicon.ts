import { plainRecord } from '../../../domain/plain-record.ts';

/** Word lists of the clause grammar. Words that stand in none of them are nouns. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

export const DETERMINERS = words(`
  a an the each every all any this that these those its their his her our my your no another both either such own
  respective certain one two three un una el la los las le les des der die das ein eine um uma os`);

/** They say that there are many of what follows. */
export const MANY = words(`multiple many several various numerous different diverse some few more`);

export const PREPOSITIONS = words(`
  of in on at by for with from into onto to through during within under over between among about against as per via towards
  toward without upon across regarding concerning based after before until since using like plus than but except`);

export const PRONOUNS = words(
  `it they he she we you i them him us me who which that what there itself themselves where i've we've i'm i’ve we’ve i’m everyone everybody someone somebody anyone anybody nobody`,
);

export const MODALS = words(`
  can could may might must shall should will would need needs to not also is are was were be been being do does did able
  cannot can't required has_to have_to`);

/** Say nothing about what is kept. */
export const EMPTY_ADJECTIVES = words(`
  basic detailed detail unique specific relevant related corresponding important main primary personal complete full
  comprehensive overall general necessary available following simple new own existing individual certain key core
  fundamental supplementary
  associated respective additional other own common essential typical given particular multiple different various entire
  internal accurate appropriate good small big large great modern real rest restful crud minimal basic tiny
  real-estate online mobile digital electronic web-based backend
  optional mandatory registered regular local free favourite favorite shared monthly weekly daily`);

/** Heads that only wrap what they are about: «information of the passenger» is about the passenger. */
export const WRAPPERS = words(`
  information info data detail details record_of list lists set collection type types kind kinds piece pieces number
  series group part parts management module modules table tables entity entities function functions functionality
  section tracking attribute attributes field fields column columns relationship relationships association profile_of
  basics content_of class_of processing maintenance_of registry batch variety range system-wide database databases
  resource_type`);

/** Never something of which records are kept. */
export const NOT_ENTITIES = words(`
  system platform application app website site api backend service-layer software program interface ui gui database server_side
  information data detail details record records entity entities table tables attribute attributes field fields column
  columns functionality function functions feature features module modules management process operation operations
  management-system requirement requirements description business time date name number id type status price address
  phone email user-interface purpose way order_to addition term terms example examples case-of need needs use
  access ability support area key primary foreign level relation relations relationship relationships following
  rest crud endpoint endpoints route routes-of json http https sql postgres postgresql mysql sqlite mongodb express node nodejs
  typescript javascript python go golang docker aws lambda fastify react nextjs vue angular graphql oauth jwt
  efficiency accuracy integrity security consistency quality performance analysis statistics basis decision evaluation
  frontend front-end back-end dashboard page-view screen button search filter pagination validation authentication
  authorization login registration-form prototype demo mvp tutorial starter boilerplate template cli script tool
  relational scenario situation aspect aspects structure instance everything something thing things lot variety
  objective core aim design development implementation experience convenience workflow total sum
  one ones other others etc today second seconds minute minutes hour hours day days week weeks month months year years real-time
  owner_of people_in front back end start addition order-in modification deletion query querying viewing browsing
  user-friendly crud-operations operation-type e.g i.e ie eg me please help want build create make write generate
  kind kinds type types sort sorts part parts set list lists number amount quantity range collection name names
  primary-key foreign-key identifier identifiers value values content contents result_of link_to
  method methods step-by-step rule_of condition conditions standard standards state states
  email-address phone-number contact-information personal-information basic-information
  purchase_of use-case use-cases business-requirements business-logic capacity location title duration
  capability capabilities completion lifecycle gender age description_of remarks code codes unit units cost costs fee fees salary balance
  description descriptions reason reasons version size color weight height width length`);

/** They run the software; a table only when columns are said of them. */
export const INSTITUTIONS = words(`
  company hospital library hotel school bank airline store shop university restaurant enterprise organization
  organisation firm agency clinic center centre institution business gym studio administrator admin platform blog
  office bakery cafe bistro practice charity startup kitchen salon workshop
  theater theatre cinema pharmacy mall zoo aquarium brewery winery bakery gallery stadium
  forum museum factory airport station market supermarket government college farm club church`);

/** What is built, and never a record of it, when it stands behind a name: «bug tracker». */
export const PRODUCTS = words(`
  app application api backend system tracker database manager management tool platform site website service software builder
  organizer planner board list catalog directory sharing hosting listing tracking marketplace portal scheduling`);

/** The last word of an attribute's name. */
export const ATTRIBUTE_HEADS = words(`
  id ids number no code name names title date time datetime timestamp day year month hour week deadline birthday birthdate
  status state type category kind level grade rank role priority severity gender sex age
  price cost fee amount total salary wage budget rent fine tax balance discount rate deposit payment_method method
  quantity stock count capacity weight height width length size area volume distance duration mileage speed temperature
  humidity pressure voltage power
  email mail phone telephone mobile fax address location place city country state province region street zip postcode
  district coordinates latitude longitude origin destination
  description content body text summary abstract introduction remark remarks note comment bio biography message subject
  caption reason detail details specification specifications instructions explanation
  url link image photo picture avatar logo icon file path video cover thumbnail
  password username account nickname login token hash key secret
  rating score points mark marks credits credit percentage ratio percent
  model brand color colour material version format language nationality religion ethnicity
  isbn sku barcode vin iban currency quota
  start end begin finish birth expiry expiration
  term period interval frequency range limit threshold value unit symbol
  position sequence index order_no job-title occupation profession education degree
  manufacturer author publisher genre director artist composer supplier creator
  seats floor room_no pages edition language
  result results outcome progress condition flag indicator
  information contact person_in_charge purpose usage function dosage diagnosis symptom symptoms treatment
  species breed blood qualification qualifications experience skill license plate
  person-in-charge header footer ip mac os signature certificate_no specialty speciality specialization title major
  responsibilities responsibility validity scale nature attribute attributes`);

/** Entities that act: an attribute named after one of their roles points at them. */
export const ROLE_NOUNS = words(`
  author owner creator sender receiver recipient reviewer assignee reporter uploader editor approver organizer organiser
  host poster publisher_user commenter follower followee buyer seller bidder moderator requester applicant_user
  voter respondent responder handler updater modifier operator borrower questioner participant winner assigner
  captain leader manager supervisor director_user head administrator coordinator inspector collector
  evaluator auditor initiator submitter instructor principal`);

/** Tables whose rows are people, the likeliest first. */
export const PERSON_TABLES: readonly string[] =
  `users members customers employees staff accounts people persons clients students players patients readers guests
   passengers drivers teachers workers authors`.split(/\s+/);

/** One of those they lead: an employee's manager is an employee. */
export const HEADS = words(`manager supervisor boss leader captain head superior`);

export const VERBS = words(`
  remember forget document arrange set characterize generate undertake receive document manage record store maintain track support include contain provide have own place allow enable let view browse search
  add edit delete update create modify submit assign associate link belong relate connect register log login book order
  reserve rent borrow return buy purchase sell pay enroll enrol join attend participate subscribe unsubscribe cancel
  approve reject review rate comment post publish like follow share upload download send receive reply message chat
  invite vote bid donate apply schedule plan organize organise handle process perform conduct execute carry complete
  finish start begin end open close generate produce calculate compute display show list query filter sort export import
  monitor analyze analyse evaluate ensure help want use consist comprise involve require need offer supply deliver ship
  transport move transfer load unload collect gather keep save hold work serve employ hire teach learn take study answer
  ask choose select pick set define describe identify specify represent indicate reflect depend relate refer reference
  correspond operate run drive visit treat diagnose prescribe check scan count measure read write act play win lose
  compete score host lead head supervise command control configure charge bill issue grant revoke access enter leave
  exit verify validate confirm notify remind alert report claim request respond change replace repair fix inspect clean
  cook eat prepare bring get give make build design develop implement write fulfill accept track improve optimize enhance
  facilitate simplify streamline automate integrate adopt encompass cover feature aim focus serve undertake accommodate
  stock distribute sponsor organize audit label tag mark classify categorize group divide split rank sign date
  possess assess determine examine inform protect reduce increase decrease achieve allocate appoint assist attach avoid
  communicate compare confirm consider construct consult convert coordinate correct decide demonstrate depart deploy detect
  discover discuss dispose eliminate engage establish estimate extract foster guarantee identify influence initiate inspire
  install interact introduce investigate maximize minimize negotiate obtain occupy perceive proceed promote pursue recruit
  regulate retrieve resolve reveal satisfy seek solve specialize standardize strengthen supervise sustain utilize
  pledge contribute pick swap stream listen watch mentor nominate endorse recommend retweet repost upvote downvote redeem
  earn unlock dispatch catalogue administer inherit inhabit drink grow brew bake sew wear cite quote fund
  consume exist occur happen become form appear match meet follow up know see find look lend spend earn invest
  grade cancel trade exchange deposit withdraw launch observe plant harvest water feed adopt care raise breed train exercise`);

/** They only say what is done with records; no name starts with them. */
export const GERUNDS = words(`
  adding deleting modifying viewing querying recording managing ensuring including filling uploading downloading changing
  maintaining tracking supporting storing providing allowing enabling containing covering handling updating editing creating
  analyzing analysing searching binding using helping making obtaining submitting browsing removing saving showing
  improving facilitating optimizing generating calculating having involving comprising featuring setting`);

/** Also nouns; their place in the clause decides. */
export const AMBIGUOUS = words(`
  grade document record log order book store list contact report request review comment post rate schedule plan process charge return
  transfer track register supply exchange design purchase play test check view display answer question name number
  stock note share like follow vote bid claim control use work run call visit message tag label show form mark address
  move repair rent ship issue grant sign date plant exercise feed water trade deposit score host lead head stock change
  command exit access match water group rank support end start feature focus query search download upload match cook
  pick swap stream mentor quote fund drink wear train study drive transport supply load monitor sponsor audit alert bill cover care act need help export import win
  buy cook raise interview survey quiz rate cancel place set leave function invite chat reserve group scan clean model`);

/** Verbs that say «these are kept», with what is kept as the object. */
export const KEEP_VERBS = words(
  `document record store maintain track save keep log register capture collect hold catalogue remember`,
);

/** Verbs that say «these are the parts». */
export const PART_VERBS = words(`have has include contain comprise consist involve feature`);

/** What somebody does to something, and what the record of it is called. */
export const EVENT_NOUNS: Readonly<Record<string, string>> = plainRecord<string>(
  Object.entries({
    order: 'order',
    buy: 'purchase',
    purchase: 'purchase',
    book: 'booking',
    reserve: 'reservation',
    rent: 'rental',
    borrow: 'loan',
    lend: 'loan',
    enroll: 'enrollment',
    enrol: 'enrollment',
    register: 'registration',
    subscribe: 'subscription',
    attend: 'attendance',
    participate: 'participation',
    join: 'membership',
    apply: 'application',
    review: 'review',
    rate: 'rating',
    like: 'like',
    follow: 'follow',
    vote: 'vote',
    bid: 'bid',
    donate: 'donation',
    visit: 'visit',
    watch: 'view',
    listen: 'play',
    play: 'play',
    pay: 'payment',
    deliver: 'delivery',
    ship: 'shipment',
    transport: 'transport',
    repair: 'repair',
    inspect: 'inspection',
    evaluate: 'evaluation',
    operate: 'operation',
    teach: 'teaching_assignment',
    take: 'enrollment',
    select: 'selection',
    submit: 'submission',
    assign: 'assignment',
    transfer: 'transfer',
    adopt: 'adoption',
    treat: 'treatment',
    prescribe: 'prescription',
    supply: 'supply',
    sell: 'sale',
    sponsor: 'sponsorship',
    favorite: 'favorite',
    bookmark: 'bookmark',
    save: 'saved_item',
    collect: 'collection',
    complete: 'completion',
    check: 'check_in',
    shop: 'purchase',
    browse: 'view',
    use: 'usage',
    exchange: 'exchange',
    maintain: 'maintenance_record',
    comment: 'comment',
    retweet: 'retweet',
    repost: 'repost',
    upvote: 'upvote',
    pledge: 'pledge',
    contribute: 'contribution',
    swap: 'swap',
    monitor: 'monitoring_record',
  }),
);
