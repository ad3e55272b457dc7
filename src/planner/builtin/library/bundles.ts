/**
 * What a short prompt means that names a kind of product and no data: «a library system». One product a line: `its names:
 * the tables`. Names are singular; the longest that stands in the prompt decides, then the earliest. A well-known
 * product has an `@` before its name; the first table that holds no people is what such a product is about.
 */
export const BUNDLES = `
library, book lending, book loan: books, authors, members, loans
bookstore, bookshop, book store: books, authors, customers, orders, order_items
book club: members, books, meetings, reviews
reading list, @goodreads, reading tracker, book tracker: users, books, reading_entries
online shop, shop, store, e-commerce, ecommerce, webshop, web shop, online store, retail: customers, categories, products, orders, order_items
marketplace, @ebay, @etsy, @craigslist: users, categories, listings, orders, reviews
shopping cart: customers, products, carts, cart_items
shopping list, grocery list, grocery: users, lists, list_items
wishlist, wish list, gift registry: users, wishlists, gifts
blog, @medium, blogging, weblog, cms, content management, news site, newspaper, magazine: users, categories, posts, comments, tags
wiki, @notion, @confluence, knowledge base, documentation: users, pages, revisions, categories
forum, discussion board, message board, bulletin board, community: users, forums, threads, replies
q&a, question and answer, @stack overflow, @quora: users, questions, answers, votes, tags
chat, messenger, messaging, instant messaging, @slack, @whatsapp, @discord: users, conversations, conversation_participants, messages
email client, mail: users, folders, emails
social network, social media, @facebook, social platform: users, posts, comments, likes, follows
@twitter, @mastodon, microblog, microblogging: users, posts, likes, follows
@instagram, photo sharing, @pinterest: users, photos, comments, likes, follows
dating, @tinder, matchmaking: users, profiles, dating_likes, dating_matches, messages
photo gallery, gallery, photo album: users, photo_albums, photos
video sharing, video platform, @youtube, @vimeo: users, videos, comments, likes
music, music streaming, @spotify: users, artists, albums, songs, playlists, playlist_songs
podcast: podcasts, episodes, users, subscriptions
movie, film, movie database, @imdb: movies, directors, actors, genres, reviews
watchlist, @letterboxd, watch list: users, movies, watchlist_entries
cinema, movie theater: movies, halls, screenings, customers, bookings
tv show, tv series, series tracker: users, series, episodes, watchlist_entries
recipe, cookbook, cooking: users, recipes, ingredients, recipe_ingredients
meal planner, meal plan, meal planning: users, recipes, meal_plans
restaurant, cafe, bistro, pizzeria, bakery: customers, restaurant_tables, menu_items, orders, order_items, reservations
food delivery, @doordash, @deliveroo, food ordering, takeaway: customers, restaurants, menu_items, orders, order_items, drivers
hotel, hostel, guest house: guests, room_types, rooms, bookings, payments
vacation rental, @airbnb, holiday rental, apartment rental: users, properties, bookings, reviews
booking, appointment, appointment booking, scheduling, appointment scheduling: customers, services, employees, appointments
salon, hair salon, hairdresser, barber, barber shop, barbershop, beauty salon, spa: customers, stylists, services, appointments
room booking, meeting room, desk booking, resource booking: users, rooms, bookings
desk booking, coworking, co-working, coworking space: members, desks, bookings, invoices
escape room: rooms, customers, bookings
court booking, tennis court: members, courts, bookings
clinic, doctor, medical practice, hospital, medical, telemedicine, healthcare, practice, surgery: patients, doctors, appointments, medical_records, prescriptions
dentist, dental clinic, dental: patients, dentists, appointments, treatments
vet, veterinary, veterinary clinic, animal clinic: owners, pets, vets, appointments, treatments
pharmacy, drugstore: medications, customers, prescriptions, sales
blood bank, blood donation: donors, blood_donations, blood_requests
therapy, therapist: patients, therapists, appointments, session_notes
gym, fitness studio, fitness club, fitness center, yoga studio, sports club: members, membership_plans, memberships, trainers, gym_classes, class_bookings
fitness, workout, workout tracker, @strava, fitness tracker, training log: users, workouts, exercises, workout_exercises
calorie, calorie counter, calorie tracker, nutrition, diet, food diary: users, foods, food_logs
weight tracker: users, body_measurements
habit, habit tracker, habit tracking: users, habits, habit_logs
mood, mood tracker: users, moods
symptom tracker: users, symptoms
goal tracker: users, goals
diary, journal: users, journal_entries
school, school management, university, college, student management, education: students, teachers, courses, classes, enrollments, grades
online course, e-learning, elearning, learning platform, learning management, lms, course platform, @udemy, @coursera: users, courses, lessons, enrollments, lesson_progress
gradebook, grade book: students, courses, assignments, grades
tutoring: students, tutors, tutoring_sessions, reviews
kindergarten, daycare, nursery, preschool: children, parents, groups, attendance_records
exam, online exam, examination: students, exams, questions, exam_attempts
quiz, trivia, quizz: users, quizzes, questions, answer_choices, quiz_attempts
flashcard, spaced repetition, vocabulary trainer: users, decks, flashcards, card_reviews
language learning, @duolingo: users, languages, lessons, words, lesson_progress
photo studio, photographer: customers, photo_shootings, photos, invoices
survey, questionnaire, form builder: users, surveys, questions, responses, answers
poll, polling, voting: users, polls, poll_options, votes
election: elections, candidates, voters, votes
feedback, feature request, suggestion box: users, feature_requests, votes, comments
petition: users, petitions, signatures
todo, to-do, to do, todo list, task list, task manager, to-do list, task tracker: users, lists, tasks
task management, project management, project tracker, @asana, @jira: users, projects, tasks, comments
kanban, @trello, kanban board: users, boards, lists, cards
bug tracker, issue tracker, issue tracking, bug tracking: users, projects, issues, comments
loyalty, loyalty card, loyalty program, stamp card, loyalty point: customers, loyalty_points, rewards
pet sitting, pet sitter, dog walking, dog sitting: owners, pets, sitters, bookings, reviews
note, note taking, notes app, notebook: users, notebooks, notes, tags
bookmark, bookmark manager, read later: users, folders, bookmarks, tags
time tracking, time tracker, timesheet: users, clients, projects, time_entries
calendar, event calendar: users, calendars, events
reminder: users, reminders
chore, chore tracker: members, chores, chore_assignments
event, event management, event planning, meetup: users, venues, events, registrations
conference: speakers, talks, rooms, attendees, sponsors
wedding, wedding planner: guests, vendors, wedding_tasks, invitations
concert, @eventbrite, ticketing, ticket sale, event ticketing, ticket shop, ticket booking: events, venues, customers, ticket_types, event_tickets
support, help desk, helpdesk, support desk, customer support, ticket system, support ticket, ticketing system: customers, agents, tickets, ticket_messages
crm, customer relationship, sales pipeline, sales crm: companies, contacts, deals, interactions
hr, human resource, personnel, employee management, hr system: departments, employees, leave_requests, salaries
payroll: employees, salaries
attendance, attendance tracker: employees, attendance_records
shift planning, shift, roster, shift scheduling: employees, shifts, shift_assignments
recruiting, recruitment, applicant tracking, hiring, ats: jobs, candidates, applications, interviews
job board, @indeed, job portal, job site, job market: employers, jobs, candidates, applications
freelance, freelancer, freelance marketplace: clients, freelancers, projects, proposals
inventory, stock management, warehouse, warehouse management, stock, inventory management: products, suppliers, warehouses, stock_levels, stock_movements
asset management, asset tracking, asset tracker: employees, assets, asset_assignments
rental, rental company, machine rental, equipment rental, tool rental, tool lending: customers, equipment, rentals
supply chain, procurement, purchasing: suppliers, products, purchase_orders, purchase_order_items
manufacturing, production, factory: products, machines, production_orders, employees
point of sale, pos, cash register: products, employees, sales, sale_items
invoice, invoicing, billing: customers, invoices, invoice_items, payments
accounting, bookkeeping, double entry, ledger: ledger_accounts, ledger_transactions, ledger_entries
expense, expense tracker, expense tracking, personal finance, budget, budget tracker, finance, finance tracker, spending: users, bank_accounts, categories, transactions, budgets
expense sharing, bill splitting, split bill, @splitwise: users, groups, group_members, expenses, expense_shares
bank, banking, online banking: customers, bank_accounts, transactions
wallet, digital wallet, payment: users, wallets, transactions
loan management, lending, microfinance: customers, debts, repayments
stock portfolio, portfolio tracker, portfolio, investment, stock trading, trading: users, portfolios, holdings, trades
crypto, cryptocurrency: users, wallets, coins, trades
subscription, subscription management, saas, membership: customers, plans, subscriptions, payments
insurance: customers, policies, claims
donation, crowdfunding, @kickstarter, fundraising, charity: donors, campaigns, donations
real estate, real-estate, property listing, real estate agency, estate agency: agents, properties, owners, viewings
property management, landlord, rent management, tenant management: properties, property_units, tenants, leases, rent_payments
car rental, vehicle rental, car sharing: customers, vehicles, rentals, payments
bike rental, bike sharing, scooter sharing, e-scooter sharing: users, stations, bikes, rentals
charging station, ev charging: stations, chargers, users, charging_sessions
ski rental: customers, equipment, rentals
ride sharing, taxi, carpool, carpooling, @uber, @lyft, ride hailing: users, drivers, vehicles, rides
fleet, fleet management, vehicle fleet: vehicles, drivers, trips, maintenance_records, fuel_logs
garage, car repair, workshop, auto repair, car service: customers, vehicles, work_orders, mechanics
car dealership, dealership, car dealer: customers, vehicles, sales
logistics, shipping, courier, parcel, parcel tracking, package tracking, delivery: customers, packages, drivers, tracking_events
public transport, bus, train, transit: routes, stops, route_stops, trips
flight, flight booking, airline: flights, passengers, bookings, airports
airport: flights, airlines, gates, passengers
travel, travel agency, tour, travel booking: customers, destinations, tours, bookings
trip planner, trip, travel planner, itinerary: users, trips, itinerary_items
parking, parking lot, parking garage: parking_lots, parking_spots, vehicles, parking_sessions
iot, sensor, smart home, sensor data, telemetry, internet of things: devices, sensors, readings, alerts
weather station, weather logger: weather_stations, weather_measurements
energy, electricity, smart meter: customers, meters, readings
monitoring, uptime, status page: monitors, checks, incidents
logging, log, audit log: services, log_entries
feature flag, feature toggle, feature flags: projects, environments, feature_flags
url shortener, link shortener, short link, url shortening: users, short_links, clicks
pastebin, snippet, code snippet: users, snippets, tags
file sharing, file storage, @dropbox, document management, document: users, folders, files, file_shares
password manager, vault: users, vaults, vault_items
farm, agriculture, farming: fields, crops, harvests, workers
garden, plant, plant care: users, plants, waterings
pet, pet care, pet tracker: owners, pets, pet_visits
animal shelter, pet adoption, adoption: shelters, pets, adopters, adoptions
zoo: animals, species, enclosures, keepers
pet store, pet shop: customers, pets, products, orders, order_items
sport, sports league, league, football league, soccer league, team management: teams, players, seasons, matches
tournament, championship: tournaments, teams, players, matches
fantasy football, fantasy league: users, leagues, fantasy_teams, players
game, leaderboard, high score, multiplayer game: players, games, game_sessions, leaderboard_entries
chess: players, games, moves
running, run tracker, race: runners, races, race_results
role playing game, rpg: players, characters, quests, items
museum, art gallery: artists, artworks, exhibitions
art: artists, artworks
collection, collection manager, collectible: users, collections, collection_items
auction, auction house, bidding: users, auctions, bids
classified, classified ad, second hand: users, categories, listings, messages
newsletter, @substack, @mailchimp, mailing list: subscribers, newsletters, deliveries
review, @yelp, @tripadvisor, review site, product review, rating: users, products, reviews
directory, business directory, yellow page: categories, businesses, reviews
volunteer, volunteering: volunteers, organizations, volunteer_opportunities, signups
church, parish: members, events, donations
club, association: members, events, event_registrations, membership_fees
election campaign, campaign: volunteers, donors, donations, events
legal, law firm, lawyer: clients, lawyers, cases, case_documents
construction: projects, contractors, construction_tasks, materials
cleaning, house cleaning, cleaning service: customers, cleaners, services, bookings
wine cellar, wine collection: producers, wines, bottles, tastings
laundry: customers, orders, order_items
government, city hall, citizen service: citizens, service_requests, departments
library of music, sheet music: composers, pieces, loans
lost and found: users, found_items, item_claims
contact, address book, contact list, phone book: contacts, contact_groups
genealogy, family tree: people, relationships
weather: locations, observations
translation: languages, translations
user management, authentication, login, auth, account: users, roles, sessions
`;
