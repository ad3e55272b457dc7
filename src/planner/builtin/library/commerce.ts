/** Buying, selling and keeping stock. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const COMMERCE = `
products | goods, merchandise, articles for sale, catalog items: name, description?, sku!, price, stock, is_active, category->categories?, brand->brands?, supplier->suppliers?, tags<->
product_variants | variants: product->products, sku!, name, price, stock
product_images | : product->products, url, position
brands | manufacturers, makers: name!, website?
orders | purchases, sales orders, preorders, pre-orders: customer->customers, store->branches?, status:pending|paid|shipped|delivered|cancelled, total:money, ordered_at, shipping_address?
order_items | order lines, line items, order details, orderitems: order->orders, product->products, quantity, unit_price:money
carts | shopping carts, baskets: customer->customers, status:open|ordered|abandoned
cart_items | basket items: cart->carts, product->products?, variant->product_variants?, quantity
wishlists | wish lists: customer->customers, name
wishlist_items | : wishlist->wishlists, product->products
parts | spare parts, components: name, part_number!, price, stock
reviews | product reviews, testimonials, feedback: product->products?, book->books?, movie->movies?, restaurant->restaurants?, hotel->hotels?, property->properties?, tutor->tutors?, course->courses?, recipe->recipes?, game->games?, tour->tours?, doctor->doctors?, business->businesses?, service->services?, mentor->mentors?, driver->drivers?, booking->bookings?, author->users, rating:integer, title?, body:text?
discounts | coupons, promo codes, discount codes, vouchers, promotions: code!, percent_off:integer, starts_at?, ends_at?, is_active
shipments | : order->orders?, subscription->subscriptions?, subscriber->subscribers?, carrier, tracking_number!?, status:pending|in_transit|delivered|returned, shipped_at?, delivered_at?
returns | refunds, return requests: order->orders, reason:text, status:requested|approved|rejected|refunded, amount
suppliers | vendors, wholesalers, sellers: name, email?, phone?, address?, products<->
purchase_orders | supplier orders: supplier->suppliers, status:draft|ordered|received|cancelled, ordered_at, expected_at?, total:money
purchase_order_items | : purchase_order->purchase_orders, product->products, quantity, unit_price:money
warehouses | depots, storehouses: name, address, capacity?
stock_levels | inventory levels, stocks, inventories, inventory items: product->products, warehouse->warehouses, quantity
stock_movements | inventory movements, stock transactions, inventory transactions: product->products?, medication->medications?, batch->batches?, warehouse->warehouses?, quantity_change:integer, type:in|out|adjustment, reason?, moved_at
sales | sale records: product->products?, artwork->artworks?, vehicle->vehicles?, customer->customers?, quantity, total:money, sold_at
auctions | : title, description?, seller->users, starting_price, reserve_price?, starts_at, ends_at, status:scheduled|open|closed|cancelled
lots | auction lots: auction->auctions, title, description?, starting_price
bids | offers: listing->listings?, auction->auctions?, lot->lots?, bidder->users, amount, placed_at
listings | ads, classified ads, classifieds: title, description?, price, status:active|sold|withdrawn, seller->users, category->categories?
coupon_redemptions | redemptions: coupon->discounts?, reward->rewards?, customer->customers, redeemed_at
gift_cards | : code!, balance, expires_at?, is_active
price_changes | price history: product->products, old_price, new_price, changed_at
ratings | star ratings, user ratings: product->products?, book->books?, movie->movies?, song->songs?, restaurant->restaurants?, hotel->hotels?, property->properties?, course->courses?, recipe->recipes?, game->games?, driver->drivers?, trip->trips?, wine->wines?, author->users, score:integer, comment:text?
rewards | loyalty rewards: name, description?, points_cost:integer, is_active
loyalty_points | points, point transactions, stamps: customer->customers?, member->members?, amount:integer, reason?, earned_at
wines | beers, whiskies: name, producer->producers_of_goods?, vintage:integer?, region?, grape?
bottles | wine bottles: wine->wines?, quantity, location?, purchased_at?, price?
tastings | tasting notes: wine->wines?, user->users?, notes:text, rating:integer?, tasted_at
producers_of_goods | producers, wineries, breweries, growers: name, region?, country?, website?
pickups | collections of goods, pick ups: order->orders?, customer->customers?, address, scheduled_at, status:scheduled|done|missed
tariffs | price lists, rates of tariff: name, price_per_unit:money, unit
`;
