import { type ExpectedDesign, testDesigns } from './designs.contract.ts';

const EXPECTED: readonly ExpectedDesign[] = [
  [
    'a REST API for a blog with users, posts and comments',
    'comments.post_id NOT NULL REFERENCES posts (id) ON DELETE CASCADE',
  ],
  [
    'expense tracker with categories and monthly budgets',
    '!expense_trackers',
    'expenses.category_id',
    'budgets.amount',
  ],
  [
    'team sports league with teams, players, matches and scores',
    '!team_sport_leagues',
    'matches.home_team_id',
    'players.team_id',
  ],
  [
    'real estate listings with agents and viewings',
    '!estate_listings',
    'listings.agent_id REFERENCES agents',
    'viewings.listing_id NOT NULL REFERENCES listings',
  ],
  [
    'donation platform for charities and campaigns',
    'campaigns.charity_id NOT NULL',
    'donations.campaign_id NOT NULL REFERENCES campaigns',
  ],
  [
    "track employees' vacation requests and approvals",
    'employees.email',
    'vacation_requests.employee_id NOT NULL',
    'approvals.vacation_request_id NOT NULL',
    'approvals.decision',
  ],
  [
    'project management with projects, tasks, teams and time tracking',
    'teams.name',
    'tasks.project_id NOT NULL REFERENCES projects (id) ON DELETE CASCADE',
    'time_entries.project_id NOT NULL',
  ],
  [
    'help desk with tickets, agents and customers',
    'tickets.customer_id NOT NULL',
    'tickets.agent_id REFERENCES agents',
  ],
  ['pet adoption', 'adoptions.adopter_id NOT NULL', 'adoptions.pet_id NOT NULL'],
  [
    'a restaurant reservation system with tables and menus',
    'menu_items.menu_id NOT NULL',
    'reservations.customer_id NOT NULL',
  ],
  ['gym: members, classes, trainers', 'class_bookings.class_id NOT NULL', 'class_bookings.member_id NOT NULL'],
  ['survey tool with questions and responses', 'answers.question_id NOT NULL', 'answers.response_id NOT NULL'],
  [
    'Each author has many books. Each book has many reviews.',
    'reviews.book_id NOT NULL REFERENCES books (id) ON DELETE CASCADE',
  ],
  [
    'appointment scheduling for a barber with barbers, services and clients',
    'appointments.client_id NOT NULL',
    'appointments.barber_id NOT NULL',
  ],
  ['dating app', 'dating_likes.liked_id NOT NULL', 'dating_matches.first_user_id NOT NULL'],
  ['recipe ratings', 'recipe_ratings.recipe_id NOT NULL', 'recipe_ratings.score', '!recipe_ratings.title'],
  [
    'law firm software for clients, cases, lawyers and hearings',
    '!firms',
    'cases.client_id NOT NULL',
    'hearings.case_id NOT NULL',
  ],
  ['bike sharing with stations, bikes, users and rides', 'bikes.station_id', 'rides.bike_id NOT NULL', '!rentals'],
  [
    'an insurance backend: customers, policies, claims and payments',
    'policies.holder_id NOT NULL',
    'claims.policy_id NOT NULL',
  ],
  [
    'ski rental shop with skis, boots, customers and rentals',
    'rentals.ski_id REFERENCES skis',
    'rentals.boot_id',
    '!ski_rental_shops',
  ],
  [
    'parking lot with spots, vehicles and tickets',
    'tickets.spot_id NOT NULL',
    'tickets.entered_at',
    '!tickets.priority',
  ],
  [
    'wine cellar: wines, bottles, tastings and producers',
    'wines.producer_id',
    'bottles.wine_id NOT NULL',
    'tastings.wine_id NOT NULL',
  ],
  [
    'hospital: wards, beds, patients, nurses and shifts',
    'beds.ward_id NOT NULL',
    'admissions.patient_id NOT NULL',
    'shifts.nurse_id NOT NULL',
  ],
  ['a stock control API with items, suppliers and stock levels', 'items.sku', 'stock_levels.item_id NOT NULL'],
  [
    'Users can post photos. Other users can like and comment on photos. Users can follow each other.',
    'likes.photo_id NOT NULL',
    'comments.photo_id NOT NULL',
    'follows.followee_id NOT NULL REFERENCES users',
  ],
  ['recipe sharing app where users save favorite recipes and rate them', 'ratings.recipe_id NOT NULL'],
  [
    'A company has departments and employees. Each employee belongs to a department, has a name, an email and a salary.',
    'employees.salary',
    'employees.department_id NOT NULL',
    '!departments.salary',
  ],
  [
    'Users have many orders. An order contains products. Products have categories.',
    'order_items.product_id',
    '!products.order_id',
    '!categories.product_id',
  ],
  [
    'timesheets: employees log hours on projects, managers approve them',
    'timesheets.employee_id NOT NULL',
    'timesheets.project_id NOT NULL',
  ],
  ['an orchard with trees, harvests and pickers', 'pickers.email', '!pickers.description'],
  ['keep track of borrowed tools between neighbours', '!tracks', 'tools.name'],
  [
    'eine Tierarztpraxis mit Haltern, Tieren und Terminen',
    'animals.owner_id NOT NULL',
    'appointments.animal_id NOT NULL',
  ],
  ['API para un gimnasio con socios, clases y entrenadores', 'class_bookings.member_id NOT NULL'],
  ['une application de covoiturage avec des conducteurs, des trajets et des passagers', 'rides.driver_id NOT NULL'],
];

testDesigns(EXPECTED);
