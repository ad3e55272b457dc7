/** People and what grants them access. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const PEOPLE = `
users | user accounts, listeners, viewers: email!, name, password_hash, roles<->
people | persons, individuals: first_name, last_name, email?, phone?, birth_date?
profiles | user profiles: user->users!, display_name, bio?, avatar_url?, location?
roles | user roles: name!, description?, permissions<->
permissions | privileges: name!, description?
sessions | : user->users?, title?, starts_at, ends_at?, notes?
api_keys | api tokens, access tokens: user->users, name, key_hash!, last_used_at?, expires_at?
contacts | address book entries: first_name, last_name, email?, phone?, company->companies?, notes?, user->users?, tags<->, groups<->
addresses | : user->users?, street, city, postal_code, state?, country
members | readers, roommates, flatmates, housemates: first_name, last_name, email!, phone?, joined_at, status:active|paused|left, plan->membership_plans?
customers | clients, buyers, riders, walkers, borrowers, adopters of things, shoppers, patrons, consumers, tenants, guests, passengers, visitors, subscribers, donors: name, email!, phone?, address?
employees | staff, workers, staff members, personnel: first_name, last_name, email!, phone?, job_title?, hired_at?, salary?, department->departments?
managers | supervisors, administrators, admins, operators, agents, moderators: name, email!, phone?
volunteers | helpers: name, email!, phone?, availability:text?, skills<->
audit_logs | audit entries, activity logs, logs, log entries: user->users?, action, entity_type, entity_id, details:json?, happened_at
notifications | : user->users, title, message:text, is_read, read_at?
settings | preferences: user->users?, key, value:text?
invitations | invites: email, role?, invited_by->users?, status:pending|accepted|declined|expired, expires_at?
organizations | organisations, companies, businesses, firms, workspaces, tenancies: name, website?, phone?, address?
teams | groups, squads: name, description?
team_members | group members: team->teams, user->users, role:member|lead|admin
departments | divisions: name, description?, faculty->faculties?, manager->employees?
branches | offices, locations, sites, stores, outlets, facilities: name, address, city?, phone?
files | documents, uploads: name, path:text, mime_type, size_bytes:bigint, owner->users?, folder->folders?
folders | directories, collections: name, owner->users?, parent->folders?
tags | labels, keywords: name!, color?
categories | topics, genres, sections: name!, description?, parent->categories?
countries | : name!, code!
cities | regions, states: name, country->countries?
languages | : name!, code!
devices | gadgets: room->rooms?, name, serial_number!, model?, status:active|inactive|maintenance, owner->users?, installed_at?
links | urls: url, title?, owner->users?
bookmarks | saved links: user->users, url?, title, notes?, tags<->
experts | editors, developers, designers, reviewers, counselors, counsellors, judges, referees, gardeners, farmers, photographers, hosts of shows, presenters, curators, chaperones, consultants, advisors, inspectors, researchers, scientists, officers, neighbours, neighbors, hosts, interpreters, observers, witnesses, pastors, priests, secretaries, accountants, investigators, couriers of letters, artisans, models, florists, hunters, fishermen, pilots, captains: name, email!, phone?
`;
