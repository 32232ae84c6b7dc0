"""Words and phrases by which people report trouble with the building and ask for what an office uses up. Same shape as `lexicon_it`."""

from __future__ import annotations

from handlers.understanding.lexicon_it import Terms

PLACE: dict[str, Terms] = {
    "facilities.electrical": (
        """light, lights, strobe light, bulbs gone, lights went off, lights off, dark in, lamp, light bulb, lightbulb, bulb, socket,
        power socket, outlet, power outlet, plug socket, wall socket, fuse, fuse box, breaker, circuit breaker, electricity,
        electric, electrical, electrician, neon, neon tube, fluorescent, fluorescent tube, light switch, dimmer, wiring, power
        cut, power outage, power failure, power loss, no power, extension cord, extension lead, power strip, blackout, lighting,
        spotlight, motion sensor, ceiling light, floor box, led strip, led tube, strip light, downlight, ups battery, generator,
        voltage, short circuit, switch for the light, tripped, trip switch, power point, power in, light fitting, multi plug,
        power has gone""",
        """power, flicker, flickering, plug, switch, dark, tube, spark, cord, bright, brightness, sensor, current, dim, glare, lit,
        blown, blew, starter""",
        "buzz, buzzing, hum, cable, ceiling, off, loose, blink, dead, went out, out",
    ),
    "facilities.hvac": (
        """heating, heater, wearing gloves, wearing a coat, wearing coats, like a sauna, like an oven, like a fridge, fan on my desk,
        temperature in, radiator, thermostat, air conditioning, air conditioner, aircon, air con, aircondition, airconditioning,
        ac, a c, hvac, ventilation, ventilator, boiler, too cold, too hot, too warm, freezing, stuffy, temperature, degrees,
        draught, draughty, draft of, cold draft, air vent, vent, fresh air, humidity, humidifier, climate, climate control, cold
        in here, cold in the, hot in here, hot in the, warm in here, warm in the, no air, stale air, bad air, celsius, fahrenheit,
        chilly, so cold, so hot, very cold, very hot, air quality, sauna, sweating, air handling, air purifier, dehumidifier,
        boiling up, boiling in, boiling hot, shivering, warm air, cold air, hot air, floor heating, heat pump, fan heater, air
        filter, wearing coat, icy""",
        """cold, hot, warm, air, heat, cool, cooling, fan, radiators, freeze, smell from the ventilation, blowing, unbearable, sweat,
        coat, jumper, oven, summer, boiling, toasty, cools, cooler""",
        "window, noise, office, rattle, smell, winter, loud, set, turn down, turn up",
    ),
    "facilities.plumbing": (
        """toilet, toilets, men's room, mens room, ladies room, hand basin, water dripping from, toilet seat, water comes, water
        stain, wc, loo, restroom toilet, urinal, sink, washbasin, basin, tap, faucet, drain, drains, drainage, flush, flushing,
        cistern, pipe, pipes, plumber, plumbing, shower, water leak, leaking water, water leaking, hot water, cold water, no
        water, water pressure, brown water, water dripping, water coming, water on the, water from, water through, roof leak,
        ceiling leak, leak in the ceiling, leaking ceiling, leaking roof, roof is leaking, clogged, blocked toilet, blocked sink,
        flood, flooded, flooding, sewage, sewer, dishwasher, water damage, puddle, burst pipe, pipe burst, overflowing toilet,
        water cooler leaking, water heater, water tap, stopcock, gutter, u bend, damp, mould, mold, hand dryer, waterlogged""",
        """water, leak, leaking, drip, dripping, blocked, overflow, wet, seal, unblock, plunger, washroom, bathroom, restroom, ladies,
        gents, running water, clog, soaked""",
        "ceiling, roof, kitchen, basement, smell, tank, pressure, stain, running, rain, burst",
    ),
    "facilities.cleaning": (
        """clean, cleaning, emptied, was sick in, threw up, threw up in, ant, unclean, mucky, grime, grimy, cleaning lady, cleaning
        crew, cleaning staff, bird poo, hair in, clean the, cleaned, spillage, cleaner, cleaners, dirty, dirt, filthy, stain,
        stains, stained, rubbish, garbage, trash, trash can, bin, bins, dustbin, waste, waste bin, recycling, dust, dusty, vacuum,
        vacuumed, hoover, mop, mopped, mopping, wipe, spill, spilled, spilt, sticky, mess, messy, ants, cockroach, cockroaches,
        mice, rat, rats, vermin, pest, pest control, flies, wasps, wasp nest, bees, bugs in, insects, droppings, janitor, litter,
        cigarette butts, bad smell, smells bad, stinks, stink, stinky, moth, moths, mouse in, mouse trap, vomit, graffiti, window
        cleaning, clean up, crumbs, disinfect, sanitise, sanitize, polish, hygiene, unhygienic, disgusting, smelly, mouldy food,
        spiders, spider web, cobwebs, fruit flies, gross, smeared, fingerprints on, shredding bin, snow, gritting, dishes, dirty
        dishes, dishes in, used cups, compost, windows are dirty""",
        """smell, carpet, fridge, floor, empty, collected, pile, sweep, wash, mouse, odour, odor, overflowing, pantry, tidy, wiped,
        rotten, leftover, leftovers, tables, laundry, towels dirty""",
        "kitchen, lobby, toilet, corridor, stairs, table, skipped, shelves, canteen, microwave, bathroom, coffee stain",
    ),
    "facilities.furniture": (
        """chair, chairs, gas spring, swivel chair, paint, painting, repaint, repainting, wallpaper, ceiling tile, floor tile, hook
        on the wall, sun blind, blinds down, window blind, desk screen, my seat, office chair, desk chair, desk drawer, standing
        desk, sit stand, height adjustable, adjustable desk, new desk, my desk, desk, table, drawer, cupboard, cabinet, filing
        cabinet, shelf, shelves, bookcase, bookshelf, sofa, couch, armchair, armrest, backrest, footrest, seat, stool, bench,
        wardrobe, coat rack, coat hook, coat stand, blinds, blind, curtain, curtains, roller blind, shutter, whiteboard, white
        board, pinboard, pin board, notice board, furniture, ergonomic, lumbar, move my desk, desk move, moving desks, picture
        frame, hang up a picture, hang a picture, partition, room divider, carpet tile, wobble, wobbly, rug, monitor arm, desk
        lamp arm, pedestal, locker door, lockers, castor, chair wheel, acoustic panel, flip chart stand, mounted, assemble,
        furnish, office move, desk legs, coat hanger, chair height, hang up, screen stand, mattress""",
        """wheel, hinge, wood, torn, mount, picture, assembly, rack, stuck at the top, sinking, sinks, legs, screw, upholstery, relocate,
        seating, carpet, wall, frame, back pain, lean, creak, squeaky, squeaks""",
        "broken, adjust, door, move, loose, sharp, panel, lounge, fell off, came off, corner, board, stand, height",
    ),
    "facilities.access": (
        """badge, badges, window broken, window does not close, window won't close, window stuck, let me into, let me in, can't get
        in, cannot get in, brother in law, leave the car, parking deck, bike entrance, reader, keycard, key card, access card,
        entry card, id card, swipe card, fob, key fob, key, keys, door, doors, front door, back door, door handle, door lock,
        handle, lock, locks, locker key, gate, garage, garage door, barrier, parking, park, parked, parking spot, parking space,
        parking permit, car park, parking lot, elevator, lift, lifts, entrance, side entrance, intercom, doorbell, buzzer,
        turnstile, card reader, badge reader, building access, access to the building, weekend access, after hours access, visitor
        badge, visitor pass, locksmith, keypad, door code, alarm code, gate code, revolving door, sliding door, automatic door,
        bike rack, bike room, bicycle, charging station for cars, ev charger, cctv, security camera, escalator, locked myself out,
        locked out of the office, locked out of the building, shut the door, master key, spare key, unlock the room, unlock the
        door, unlock the storage, visitors parking, parking garage, loading bay, reception gate, garage fob, security pass, door
        closer, wheelchair ramp, ramp, car blocked""",
        """unlock, entry, visitor, pass, access, building, locker, car, security, permit, open the, guest, bike, side, alarm system,
        enter, close""",
        "locked, open, stuck, weekend, room, floor, beep, lost, jam, jammed, card, storage",
    ),
    "office.supplies": (
        """coffee, pack of, last pack, down to the last, nothing left, dish tablets, cleaning tablets, wipes, toilet brush, hand
        towels, coffee beans, coffee machine, coffee capsules, coffee pods, coffee filter, espresso, tea, tea bags, milk, oat
        milk, sugar, snacks, fruit basket, fruit, cookies, biscuits, water bottles, water cooler, drinks, beverages, paper towels,
        toilet paper, toilet roll, tissue, tissues, printer paper, copy paper, a4 paper, a4, pen, pens, pencil, pencils, stapler,
        staples, marker, markers, whiteboard markers, highlighter, post it, post its, sticky notes, notepad, notepads, notebooks,
        envelopes, envelope, stamps, folders and, binder, binders, paper clips, paperclips, scissors, tape, sticky tape, glue,
        stationery, supplies, office supplies, soap, hand soap, soap dispenser, hand sanitiser, hand sanitizer, dish soap, washing
        up liquid, dishwasher tablets, first aid kit, first aid box, bandages, bandage, plasters, band aids, cups, mugs, glasses
        in, spoons, forks, cutlery, plates, napkins, aa batteries, aaa batteries, batteries, bin bags, business cards, rubber
        bands, cardboard boxes, moving boxes, packing tape, bubble wrap, refill, restock, running low, run out, ran out, all out,
        running out, used up, ink pens, calculator, wall calendar, sponges, vending machine, kettle, toaster, decaf, creamer,
        sweetener, almond milk, stock of, flipchart paper, letterhead""",
        """paper, empty, out of, finished, order more, need more, more, left, none left, no more, dispenser, box, boxes, bottle, bottles,
        battery, shopping, consumables, gloves, masks, low on, low""",
        "order, bring, gone, kitchen, aid, fill, pantry, stock, fridge, bag, bags",
    ),
}
