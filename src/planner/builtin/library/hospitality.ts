/** Eating out, sleeping away, moving in. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const HOSPITALITY = `
restaurants | cafes, eateries, bars, bakeries: name, address, phone?, cuisine?, opening_hours:text?
menus | menu cards: restaurant->restaurants?, name, description?
menu_items | dishes, foods on a menu, drinks: menu->menus?, restaurant->restaurants?, name, description?, price, is_available, category->categories?
restaurant_tables | tables, dining tables, seats at tables: restaurant->restaurants?, number, seats
reservations | table reservations: customer->customers, table->restaurant_tables?, room->rooms?, restaurant->restaurants?, slot->availability_slots?, starts_at, ends_at?, party_size:integer?, status:booked|seated|completed|cancelled
waiters | servers, chefs, cooks: name, email!, phone?
hotels | hostels, lodges, resorts: name, address, city?, stars?, phone?
rooms | hotel rooms, meeting rooms, conference rooms, study rooms: hotel->hotels?, number!, type?, capacity?, price_per_night:money?, is_available, amenities<->
room_types | room categories: hotel->hotels?, name, description?, price_per_night:money, capacity
bookings | room bookings, hotel bookings, desk bookings: customer->customers, room->rooms?, screening->screenings?, seat->seats?, slot->availability_slots?, trip->trips?, property->properties?, tour->tours?, court->courts?, desk->desks?, flight->flights?, car->cars?, service->services?, resource->resources?, lesson->lessons?, aircraft->aircraft?, class->gym_classes?, starts_at, ends_at, status:pending|confirmed|cancelled, total_price?
guests | hotel guests: name, email!, phone?
amenities | room amenities: name!
housekeeping_tasks | cleanings, cleaning tasks: room->rooms?, cleaner->employees?, status:open|done, scheduled_at
properties | houses, apartments, flats, homes, real estate listings, real estate, estates, rental properties: title, address, city?, type:house|apartment|land|commercial, price, bedrooms?, area_sqm:numeric?, status:available|reserved|sold|rented, owner->owners?, agent->agents?, amenities<->
property_units | rental units: property->properties?, number, rent, bedrooms?, is_occupied
leases | rental contracts, rental agreements, tenancies agreements: tenant->tenants, property->properties?, unit->property_units?, starts_at, ends_at?, monthly_rent:money, deposit?
rent_payments | : lease->leases, amount, due_at, paid_at?
viewings | property viewings, showings: property->properties, visitor->customers?, scheduled_at, notes?
maintenance_requests | repair requests: property->properties?, unit->property_units?, tenant->tenants?, resident->property_residents?, description:text, status:open|in_progress|resolved
desks | workstations: name!, floor:integer?, is_available
resources | bookable resources: name!, type?, description?, is_available
parking_lots | car parks, garages, parking garages: name, address, capacity
parking_spots | parking spaces, spots: parking_lot->parking_lots?, floor->floors?, number, type?, is_occupied
parking_sessions | parkings, parking tickets: spot->parking_spots?, vehicle->vehicles?, plate?, entered_at, left_at?, fee?
salons | barbershops, spas: name, address, phone?
stylists | barbers, hairdressers, beauticians: name, email!, phone?
tours | excursions, travel packages, packages, trips offered: title, description?, price, starts_at, ends_at?, capacity?, guide->guides?, destination->destinations?
guides | tour guides: name, email!, phone?, languages:text?
destinations | attractions, sights, places of interest: name, country?, description?
trips | journeys, itineraries, rides: traveler->users?, vehicle->vehicles?, bike->bikes?, driver->drivers?, title?, origin?, destination?, starts_at, ends_at?
flights | : flight_number!, airline->airlines?, origin, destination, departs_at, arrives_at, price?, seats?
airlines | carriers: name!, code!
airports | : name, code!, city, country
seats | : flight->flights?, hall->halls?, venue->venues?, number, row_label?, is_available
cinemas | movie theaters: name, address
screenings | showtimes, performances, shows in cinemas: movie->movies, hall->halls?, cinema->cinemas?, starts_at, price
campsites | camping spots: name, location, price_per_night:money, capacity?
halls | cinema halls, auditoriums: cinema->cinemas?, name, capacity?
`;
