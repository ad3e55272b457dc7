/** Projects, offices and customers. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const WORK = `
projects | : name, description?, status:planned|active|done|cancelled, starts_at?, ends_at?, owner->users?, client->clients?
tasks | todos, to dos, todo items, to-do items, action items, chores, assignments of work: title, description?, status:todo|in_progress|done, priority:low|medium|high, due_at?, assignee->users?, project->projects?, list->lists?, tags<->, labels<->
lists | todo lists, task lists, shopping lists, grocery lists: name, owner->users?, board->boards?
boards | kanban boards: name, description?, owner->users?, project->projects?
columns | board columns: board->boards?, name, position
cards | kanban cards: list->lists?, column->columns?, board->boards?, title, description?, position, assignee->users?, due_at?, labels<->
subtasks | checklist items: task->tasks, title, is_done, position
checklists | : name, task->tasks?, card->cards?
sprints | iterations: name, goal:text?, starts_at, ends_at, project->projects?
milestones | : name, due_at?, project->projects?
user_stories | epics, backlog items: title, description?, points?, project->projects?, sprint->sprints?
issues | bugs, defects, bug reports: title, description?, status:open|in_progress|resolved|closed, priority:low|medium|high, reporter->users?, assignee->users?, project->projects?, inspection->inspections?, labels<->
time_entries | timesheets, time logs, work hours, time tracking, time tracking entries, billable hours, logged hours, hours worked: worker->users?, employee->employees?, lawyer->lawyers?, project->projects?, case->cases?, task->tasks?, started_at, ended_at?, notes?
tickets | support tickets, service requests, requests, cases, inquiries: subject, description?, status:open|pending|resolved|closed, priority:low|medium|high, customer->customers?, requester->users?, agent->agents?, assignee->users?
ticket_messages | ticket replies: ticket->tickets, author->users, body:text
agents | support agents, estate agents, insurance agents: name, email!, phone?
leads | prospects: name, email?, phone?, company_name?, source?, status:new|contacted|qualified|lost, owner->users?
deals | opportunities, sales opportunities: title, amount, stage:lead|qualified|proposal|won|lost, contact->contacts?, company->companies?, owner->users?, closes_at?
interactions | calls, meetings with customers, follow ups, contact history: lead->leads?, deal->deals?, contact->contacts?, company->companies?, customer->customers?, user->users?, type:call|email|meeting|note, notes?, happened_at
meetings | : title, starts_at, ends_at?, location?, organizer->users?
meeting_notes | minutes: meeting->meetings?, author->users?, body:text
contracts | agreements: title, customer->customers?, supplier->suppliers?, author->authors?, starts_at, ends_at?, amount, status:draft|active|ended
quotations | estimates, customer quotes: customer->customers?, number!, total:money, status:draft|sent|accepted|rejected, valid_until?
positions | job titles, job positions: title, department->departments?, description?
salaries | payroll, payrolls, payslips, payroll records, paychecks: employee->employees, amount, period_start, period_end, paid_at?
attendance_records | attendances, attendance, clock ins, check ins, punches: employee->employees?, child->children?, student->students?, member->members?, rehearsal->rehearsals?, singer->artists?, player->players?, class->classes?, checked_in_at, checked_out_at?
leave_requests | leaves, vacations, absences, time off requests, vacation requests, holiday requests: employee->employees, type:vacation|sick|unpaid|other, starts_at, ends_at, status:pending|approved|rejected, reason?
shifts | work shifts, rosters: employee->employees?, volunteer->volunteers?, event->events?, nurse->nurses?, driver->drivers?, starts_at, ends_at, location?
performance_reviews | appraisals, evaluations: employee->employees, reviewer->employees?, rating:integer, comments?, reviewed_at
trainings | training sessions: title, description?, starts_at, ends_at?
jobs | job postings, job offers, vacancies, job listings, openings: title, description?, location?, salary_min:money?, salary_max:money?, employment_type:full_time|part_time|contract|internship, company->companies?, posted_at, status:open|closed
applications | job applications: job->jobs?, candidate->candidates?, student->students?, program->programs?, scholarship->scholarships?, status:submitted|in_review|interview|accepted|rejected, applied_at, cover_letter:text?
candidates | applicants, job seekers: name, email!, phone?, resume_url?, skills<->
employers | recruiters: name, email!, website?, phone?
interviews | : application->applications?, candidate->candidates?, interviewer->users?, scheduled_at, notes?, outcome?
resumes | cvs: candidate->candidates?, title, body:text
skills | competencies: name!
assets | company assets, fixed assets: name, serial_number!, status:available|in_use|repair|retired, purchased_at?, purchase_price?, assigned_to->employees?
equipment | tools, instruments, machines, machinery: name, serial_number!, status:available|in_use|maintenance|retired, purchased_at?
maintenance_records | maintenance logs, maintenances, services performed, repairs, work orders: equipment->equipment?, vehicle->vehicles?, asset->assets?, machine->machines?, description:text, cost?, performed_at
inspections | audits: inspector->employees?, site->sites?, property->properties?, vehicle->vehicles?, hive->beehives?, result:passed|failed, notes?, inspected_at
incidents | accidents: title, description?, severity:low|medium|high|critical, status:open|resolved, service->environments?, site->branches?, reported_by->users?, occurred_at
feature_flags | flags, toggles: key!, description?, is_enabled, environment->environments?
environments | : name!
deployments | releases, deploys: version, environment->environments?, service->environments?, status:pending|succeeded|failed, deployed_at
services | offered services, treatments offered: name, description?, price, duration_minutes?
webhooks | webhook endpoints: url, event_type, secret_hash, is_active
webhook_deliveries | deliveries of webhooks: webhook->webhooks, payload:json, status:pending|succeeded|failed, response_code:integer?, delivered_at?
short_links | short urls, shortened urls, shortened links: code!, target_url:text, owner->users?, expires_at?
clicks | link clicks, visits, page views: link->short_links?, clicked_at, referrer:text?, user_agent:text?
approvals | sign offs, approval steps: leave_request->leave_requests?, expense->expenses?, purchase_order->purchase_orders?, invoice->invoices?, document->files?, approver->employees?, decision:approved|rejected, decided_at, comment:text?
travel_expenses | expense reports, expense claims, reimbursements: employee->employees?, amount, description?, status:submitted|approved|rejected, spent_at
hearings | court hearings, court dates: case->cases?, scheduled_at, location?, outcome?
billing_rates | hourly rates: employee->employees?, rate:money, valid_at
`;
