/** Things that move, and things that measure. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const LOGISTICS = `
vehicles | cars, trucks, vans, buses, automobiles, motorcycles, food trucks: license_plate!, make, model, year:integer?, status:available|in_use|maintenance|retired, mileage?
drivers | couriers, delivery drivers: name, email!, phone?, license_number!
deliveries | delivery orders: order->orders?, package->packages?, driver->drivers?, vehicle->vehicles?, drone->robots?, route->delivery_routes?, address, status:pending|in_transit|delivered|failed, scheduled_at?, delivered_at?
packages | parcels, consignments, cargo: tracking_number!, sender->customers?, resident->property_residents?, recipient_name, recipient_address, weight?, status:received|in_transit|delivered|returned
tracking_events | status updates, shipment events, scans: package->packages?, shipment->shipments?, status, location?, happened_at
delivery_routes | routes, lines of transport: name, origin, destination, distance_km:numeric?, stops<->
stops | stations, bus stops, charging stations, bike stations, docking stations, ev charging stations: name, latitude?, longitude?, address?
route_stops | : route->routes, stop->stops, position
rentals | car rentals, rental bookings, hires: customer->customers, vehicle->vehicles?, equipment->equipment?, bike->bikes?, starts_at, ends_at, returned_at?, total_price?, status:booked|active|returned|cancelled
fuel_logs | refuelings, fuel records, fill ups: vehicle->vehicles, driver->drivers?, liters:numeric, cost, filled_at
gps_positions | vehicle locations, live locations, bus locations, positions of vehicles, tracks of vehicles: vehicle->vehicles?, device->devices?, latitude, longitude, recorded_at
containers | pallets, boxes: code!, type?, capacity?
shelves | bins, racks, storage locations: warehouse->warehouses?, code!
sensors | probes, meters: device->devices?, station->monitoring_stations?, shipment->shipments?, name, type, unit?, location?
readings | sensor readings, measurements, telemetry, data points, sensor data, samples: sensor->sensors?, device->devices?, meter->meters?, batch->batches?, fermenter->fermenters?, value:numeric, recorded_at
alarms | alerts, sensor alerts, warnings: sensor->sensors?, device->devices?, service->environments?, message:text, severity:info|warning|critical, triggered_at, resolved_at?
alert_rules | thresholds, rules: sensor->sensors?, name, threshold:numeric, operator, is_enabled
commands | device commands: device->devices?, name, payload:json?, status:pending|sent|done|failed
gateways | hubs: name, serial_number!
farms | : name, location?, area_hectares:numeric?
fields | paddocks, greenhouses: farm->farms?, name, location?, area_hectares:numeric?
harvests | : crop->crops?, field->fields?, planting->plantings?, hive->beehives?, quantity:numeric, harvested_at
monitors | uptime checks, health checks: name, url, interval_seconds:integer, is_active
checks | check results, pings: monitor->monitors?, status:up|down, response_ms:integer?, checked_at
servers | server hosts: name!, ip_address, status:online|offline
metrics | metric samples: name, value:numeric, recorded_at
bikes | bicycles, e-bikes, scooters, e-scooters, kick scooters: code!, model?, status:available|in_use|maintenance|retired, station->stops?
chargers | charge points, charging points, charging docks, wallboxes, connectors: station->stops?, code!, connector_type?, power_kw:numeric?, status:available|in_use|offline
charging_sessions | : charger->chargers?, user->users?, customer->customers?, driver->drivers?, tariff->tariffs?, started_at, ended_at?, energy_kwh:numeric?, cost?
ride_requests | seat requests: trip->trips?, passenger->customers?, seats:integer, status:pending|accepted|declined
robots | drones, machines that drive: name, serial_number!, model?, status:idle|busy|charging|offline, battery_percent:integer?
zones | areas, sectors: name!, description?
`;
