import { type ExpectedDesign, testDesigns } from './designs.contract.ts';

/** As people type them: lists with colons and dashes, small letters, several sentences, abbreviations. */
const EXPECTED: readonly ExpectedDesign[] = [
  [
    'a coffee roastery: beans (name, origin, price), batches, customers and orders',
    'batches.bean_id NOT NULL REFERENCES beans',
    'order_items.bean_id NOT NULL',
    '!orders.bean_id',
  ],
  [
    'I need an api to track gym members, their subscriptions and check-ins',
    'subscriptions.gym_member_id NOT NULL REFERENCES gym_members',
    'check_ins.gym_member_id NOT NULL',
  ],
  [
    'a twitter clone where users can follow each other, post tweets, like and retweet',
    'tweets.author_id NOT NULL',
    'likes.tweet_id NOT NULL',
    'retweets.user_id NOT NULL',
    'follows.followee_id NOT NULL REFERENCES users',
  ],
  ['simple blog api w/ posts, comments, likes', 'likes.post_id REFERENCES posts', 'comments.post_id NOT NULL'],
  [
    'hiring tool - jobs, candidates, interviews, scorecards, offers',
    'jobs.title',
    'scorecards.interview_id NOT NULL',
    '!hiring_tool_jobs',
  ],
  [
    'flight school: instructors, students, aircraft, lessons, bookings',
    'aircraft.registration NOT NULL UNIQUE',
    'lessons.student_id NOT NULL',
    '!airports',
  ],
  [
    'can you make an api for a plant nursery? plants, suppliers, orders and invoices',
    'suppliers.name',
    'order_items.plant_id NOT NULL',
    '!waterings',
  ],
  ['car wash with 3 packages, customers, vehicles and memberships', 'packages.price', 'vehicles.customer_id NOT NULL'],
  [
    'I want to keep track of the wine I drink: wines, wineries, tasting notes',
    '!drinks',
    'wines.producer_id REFERENCES wineries',
    '!wineries.wine_id',
  ],
  [
    'a language school has teachers, classes and students. each class has one teacher and many students.',
    '!language_schools',
    'students.class_id NOT NULL',
  ],
  [
    'volunteer management: volunteers, shifts, events; volunteers sign up for shifts',
    'registrations.shift_id NOT NULL',
    '!shifts.volunteer_id',
    '!volunteer_signs',
  ],
  [
    'movie review site. users rate movies and write reviews. movies have actors and genres.',
    'movie_actors.actor_id NOT NULL',
    'movie_genres.genre_id NOT NULL',
    '!actors.movie_id',
  ],
  [
    'fundraising app where donors pledge money to campaigns run by charities',
    'pledges.campaign_id NOT NULL',
    'pledges.donor_id NOT NULL',
    'campaigns.charity_id NOT NULL',
    '!charities.donor_id',
  ],
  [
    'photographers can create galleries and share them with clients',
    'galleries.owner_id NOT NULL REFERENCES photographers',
    'client_galleries.gallery_id NOT NULL',
  ],
  [
    'employees with a manager (who is also an employee), departments, salaries',
    'employees.manager_id REFERENCES employees (id) ON DELETE SET NULL',
    '!managers',
  ],
  [
    'multi-tenant crm: companies, contacts, deals (amount, stage), activities',
    'deals.company_id REFERENCES companies',
    'contacts.company_id',
    'activities.deal_id',
    '!activities.entity_type',
  ],
  [
    'we need to log machine downtime: machines, downtimes (start, end, reason), technicians',
    'downtimes.starts_at NOT NULL',
    'downtimes.machine_id NOT NULL',
  ],
  [
    'an elevator maintenance company: buildings, elevators, technicians, visits (date, notes, parts replaced)',
    'visits.notes',
    'visits.elevator_id',
    '!notes',
    '!parts',
  ],
  [
    'legal case management: clients, matters, documents, deadlines',
    'documents.matter_id NOT NULL',
    '!legal_cases',
    'deadlines.due_at NOT NULL',
  ],
  ['a farm app with fields, crops, plantings and harvests', 'plantings.field_id', 'harvests.crop_id NOT NULL'],
  ['Build an API:\n- users (email, name)\n- posts (title, body)\n- comments', 'comments.post_id NOT NULL'],
  [
    'shops sell products; customers buy products; each purchase has a date and an amount',
    'purchases.customer_id NOT NULL',
    'purchases.amount',
    '!product_purchases',
  ],
  [
    'an API where teachers create quizzes, students take them and get scores',
    'quiz_attempts.student_id NOT NULL',
    '!enrollments',
  ],
  ['which employees attended which trainings', 'attendance.training_id NOT NULL', 'attendance.employee_id NOT NULL'],
  ['pottery studio: kilns, firings, payouts', 'firings.occurred_at NOT NULL', 'payouts.amount NOT NULL'],
  ['my vinyl collection (artist, album, year, condition)', 'vinyls.artist', '!collections'],
];

testDesigns(EXPECTED);
