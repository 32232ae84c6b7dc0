"""Words of buying, of HR and of danger; and phrases that only sound like something. Same shape as `lexicon_it`."""

from __future__ import annotations

from handlers.understanding.lexicon_it import Terms

PEOPLE: dict[str, Terms] = {
    "procurement": (
        """buy, buying, po, a po, get seats, seats of, get a price, price for, up for renewal, who pays, purchase, purchasing,
        purchase order, po number, quote, quotes, quotation, licence, licences, license, licenses, subscription, subscriptions,
        subscribe, renew, renewal, invoice, invoices, vendor, supplier, procurement, procure, contract with, price list, compare
        prices, budget approval, budget, approve spending, spending, reimburse, reimbursement, credit card, company card, tender,
        rfp, price offer, cancel the plan, cancel subscription, cancel our subscription, seats, buy seats, trial, catalogue order,
        catering, caterer, lease, leasing, delivery date, order status, paid plan, bulk order, cost estimate, payment terms,
        unpaid, bill, billing, cost centre, cost center, non disclosure, framework agreement, order a, order the, order an, order
        new, order two, order three, webshop, courier, spend, pricing""",
        """order, pay, paid, price, prices, prices for, cost, offer, contract, expires, plan, deal, discount, shipment, delivery,
        deliver, amazon, payment, approval, agreement, ends, approve, sign off, cancel""",
        "new, need, want, cards, trade fair, software, workshop, training, stand",
    ),
    "hr": (
        """hr, human resources, married, getting married, carry over, name change, feel safe with, bonus has, payroll, payslip, pay
        slip, payslips, salary, wage, wages, bonus, vacation, vacation days, holiday balance, holiday request, annual leave, leave
        request, days of leave, weeks of leave, week of leave, leave in, parental leave, maternity, maternity leave, paternity,
        paternity leave, unpaid leave, sick leave, sick note, sick, ill, illness, doctor's note, pregnant, overtime, probation,
        employment, certificate of employment, employment contract, employee, new employee, onboarding, offboarding, resignation,
        resign, notice period, pension, insurance, health insurance, benefits, tax form, tax class, income tax, harass, harassing,
        harassment, bully, bullies, bullying, discrimination, discriminated, sexist, racist, mobbing, appraisal, performance
        review, promotion, raise, pay rise, part time, full time, remote work policy, home office policy, work from home, work
        contract, travel expenses, expense, expenses, expense report, recruiting, recruitment, interview candidate, job posting,
        candidate, references letter, reference letter, training course, working hours, flexitime, timesheet, time off, day off,
        days off, sabbatical, burnout, conflict with, fired, laid off, layoff, paperwork, jury duty, bereavement, childcare,
        kindergarten, jobrad, change of address, marriage, surname, maiden name, bank account for, grievance, complaint about my
        manager, complaint about a colleague, whistleblower, payment of salary, internship, equal pay, home office days, public
        holiday""",
        """leave, holiday, holidays, contract to sign, manager, colleague, team member, contract, review, refunded, allowance, policy,
        course, training, paid, resume, starts on monday, join, joins, team building""",
        "certificate, august, request, days, bank, form, papers, starts, wrong, boss, starter, intern, trainee",
    ),
    "safety": (
        """fire, fires, cut her finger, cut his finger, cut my finger, cut finger, glass all over, glass on the, followed me,
        tailgate, tailgating, someone unknown, don't know him, don't know her, nobody knows him, on fire, smoke, flames, flame,
        burning, burning smell, burnt smell, smell of burning, smells burnt, smells like burning, gas leak, gas smell, smell of
        gas, smell gas, smells of gas, smells like gas, gas, injury, injured, injuries, hurt, bleeding, blood, ambulance,
        emergency, accident, unconscious, collapsed, fainted, heart attack, seizure, choking, electric shock, electrocuted, shock
        from, exposed wire, exposed wires, bare wire, live wire, sparks flying, explosion, exploded, explosive, bomb, bomb threat,
        threat, threatened, threatening, weapon, knife, gun, gunman, intruder, stranger, strangers, trespasser, burglary, burglar,
        break in, broke in, broke into, broken into, robbed, robbery, theft, stolen, stole, thief, assault, attacked, suspicious
        package, suspicious person, suspicious man, suspicious, hazard, hazardous, hazmat, trip hazard, tripping hazard, fire
        hazard, dangerous, danger, unsafe, slippery, evacuate, evacuation, emergency exit, fire exit, escape route, fire alarm,
        fire door, fire drill, smoke alarm, smoke detector, fire extinguisher, extinguisher, defibrillator, first aider, broken
        glass, shattered glass, chemical, chemical spill, asbestos, carbon monoxide, toxic, fumes, hacked, hacker, ransomware,
        malware, data breach, data leak, breach, cyber attack, security breach, fell down, slipped on, tripped over, cut his hand,
        cut her hand, cut my hand, cut myself, cut his, burned my hand, broke his, broke her, broken arm, broken leg, concussion,
        emergency light, sprinkler, sparks when, sparks out, sparking, lithium battery, swollen battery, stuck in the elevator,
        stuck in the lift, trapped, not breathing, can't breathe, allergic reaction, poisoned, suicide, overdose, exit is blocked,
        exit blocked, ceiling collapsed, 911, 112, 999""",
        """alarm, almost fell, fell, glass, wires, burnt, burn, ice, icy path, ankle, pain, police, safety, unknown person, protest,
        evacuated, swollen, security incident, encrypted, trip over, risk, stairs""",
        "exit, smell, spark, security, fall, sharp, package, hit",
    ),
}

FIGURATIVE = """gas strut, gas lift, fire up, fired up, fires up, firing up, fire off, fire sale, fire tv, fire stick, under fire, fire
        away, fire wall, fire fox, smoke test, smoke tests, smoke break, smoke testing, gas station, gas bill, gas mileage, gas
        card, gas price, gas prices, gas money, burn down chart, burndown chart, burn rate, burn a cd, burn a dvd, burning
        question, burn out, shock absorber, by accident, accidentally deleted, accidental, no danger, not dangerous, not urgent,
        no emergency, not an emergency, no hurry, threat model, threat modeling, hot fix, hotfix, hot topic, hot desk, hot
        desking, hot desks, hot swap, cold call, cold calls, light weight, light blue, light green, light mode, light theme, red
        light, green light, orange light, warning light, status light, dark mode, killer app, crash course, open house, in light
        of, bring to light, key figure, key figures, key account, key point, key points, key user, hard key, primary key, dead
        line, deadline, in the mean time, cool thanks, that's cool, cool idea, on the table, table of contents, pivot table, data
        table, break down of, park this, air table, water tight, window of, time window, power user, will power, ring binder,
        light reading, drawing board, message board, job board, clean install, clean desk policy, mouse over, leave a message,
        leave it, leave me, leaves me, hit me, short notice, bank holiday opening, exploded inbox, inbox exploded, inbox is
        exploding, inbox has exploded, fire me an, fire me a, gas lighting, hand sanitiser fire, kill the process, bite the
        bullet, spread like wildfire, heart attack when, bomb out, bombs out, photo bomb, security camera, security pass, security
        group, security code, security policy"""
