/** Medicine, care and fitness. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const HEALTH = `
patients | : first_name, last_name, birth_date, email?, phone?, address?, blood_type?
doctors | physicians, dentists, therapists, specialists, psychologists, veterinarians, vets: first_name, last_name, email!, phone?, specialty?, department->departments?
nurses | caregivers, carers: first_name, last_name, email!, phone?
appointments | medical appointments, visits to doctors, consultations: patient->patients?, pet->pets?, doctor->doctors?, vet->vets?, customer->customers?, stylist->stylists?, barber->barbers?, artist->artists?, service->services?, starts_at, ends_at?, status:scheduled|completed|cancelled|no_show, notes?
medical_records | health records, patient records, medical histories: patient->patients?, pet->pets?, doctor->doctors?, diagnosis:text, treatment:text?, recorded_at
prescriptions | : patient->patients?, customer->customers?, doctor->doctors?, medication->medications?, dosage, instructions?, prescribed_at
medications | medicines, drugs: name!, description?, manufacturer?, price?, stock?
diagnoses | : patient->patients?, doctor->doctors?, code?, description:text, diagnosed_at
treatments | therapies: patient->patients?, pet->pets?, doctor->doctors?, description:text, cost?, performed_at
lab_tests | lab results, test results, blood tests: patient->patients?, sample->lab_samples?, technician->mechanics?, name, result:text?, taken_at
vaccinations | vaccines, immunizations: patient->patients?, pet->pets?, vaccine_name, administered_at, next_due_at?
allergies | : patient->patients?, substance, severity:mild|moderate|severe
wards | hospital wards: name!, capacity?
beds | hospital beds: ward->wards?, number, is_occupied
admissions | hospital stays: patient->patients, ward->wards?, bed->beds?, admitted_at, discharged_at?
hospitals | clinics, practices, pharmacies: name, address, phone?
insurances | insurers, insurance policies, policies: holder->customers?, patient->patients?, provider, policy_number!, starts_at, ends_at?
claims | insurance claims: policy->policies?, patient->patients?, treatment->treatments?, amount, status:submitted|approved|rejected|paid, filed_at, description?
symptoms | symptom logs: user->users?, patient->patients?, name, severity:integer?, observed_at
blood_donations | : donor->donors, blood_type, quantity_ml:integer, donated_at
trainers | coaches, personal trainers, gym instructors: name, email!, phone?, specialty?
membership_plans | plans, subscription plans, pricing plans, tiers: name!, description?, price, duration_days:integer
memberships | gym memberships: member->members, plan->membership_plans?, package->service_packages?, starts_at, ends_at?, status:active|expired|cancelled
gym_classes | fitness classes, yoga classes: name, trainer->trainers?, starts_at, duration_minutes, capacity
class_bookings | : class->classes?, gym_class->gym_classes?, member->members, booked_at, status:booked|attended|cancelled
workouts | training logs, workout sessions: user->users?, member->members?, name, started_at, duration_minutes?, notes?, exercises<->
exercises | : name!, muscle_group?, description?
workout_exercises | workout sets, sets: workout->workouts, exercise->exercises, sets:integer, reps:integer, weight?
body_measurements | weigh ins, weights, measurements of body: user->users?, weight, body_fat:numeric?, measured_at
foods | food items, nutrition facts: name!, calories, protein_grams:numeric?, carbs_grams:numeric?, fat_grams:numeric?
food_logs | meals eaten, calorie logs, diet logs: user->users?, food->foods?, quantity:numeric, eaten_at
habits | routines: user->users?, name, frequency:daily|weekly|monthly, is_active
habit_logs | habit completions, habit check ins, check offs, completions: habit->habits?, chore->chores?, completed_at
goals | objectives, targets: user->users?, mentee->mentees?, title, target_value:numeric?, due_at?, is_done
moods | mood entries, mood logs: user->users?, mood, notes?, logged_at
pets | animals, dogs, cats: name, species, breed?, birth_date?, owner->owners?, shelter->shelters?
owners | pet owners, landlords, property owners: name, email!, phone?, address?
adoptions | adoption requests, adoption applications: pet->pets?, adopter->adopters?, user->users?, status:requested|approved|completed|rejected, adopted_at?
shelters | animal shelters, kennels: name, address, phone?
plants | crops: plot->plots?, name, species?, location?, watering_interval_days:integer?, owner->users?
waterings | watering logs: plant->plants, watered_at
`;
