"""Words and phrases by which people report trouble with computers, networks, accounts, mail, printers and phones.

Shape: category -> (strong, usual, weak), each a list of terms separated by commas. A strong term nearly decides alone; a weak one only
tips the balance. Terms stand in their plain form: plurals, -ing and -ed, one typing mistake and compounds are understood.
"""

from __future__ import annotations

Terms = tuple[str, str, str]

IT: dict[str, Terms] = {
    "it.hardware": (
        """laptop, dell, lenovo, magic mouse, key stuck, arrow key, enter key, shift key, notebook computer, computer, pc, desktop,
        workstation, macbook, mac mini, imac, chromebook, thinkpad, surface pro, tower pc, monitor, second screen, external
        screen, keyboard, touchpad, trackpad, mouse pad, docking station, dock, usb hub, hard disk, hard drive, hard disc, ssd,
        graphics card, motherboard, power adapter, power supply, charger, laptop battery, hdmi, displayport, usb c, usb stick,
        thumb drive, flash drive, dongle, screen cracked, cracked screen, laptop screen, cpu, my pc, wireless mouse, mouse click,
        double click, mouse does not, mouse cursor, space bar, laptop bag, laptop stand, trackball, stylus, numpad, privacy filter""",
        """notebook, screen, display, mouse, usb, adapter, adaptor, battery, fan, device, hardware, machine, tablet, ipad, memory,
        ram, disk, drive, power button, boot, reboot, overheat, charge, charging, turn on, turns on, switch on, start up, shut
        down, shuts down, restart, pixel, hinge, key cap, port, webcam cover, barcode scanner, terminal, desktop computer, kvm,
        thin client, usb port, bios""",
        "cable, slow, dead, loud, frozen, beep, black, new starter, new hire, remote, hot, spill, cursor, start, device",
    ),
    "it.software": (
        """software, visio, photoshop licence missing, ms project, outlook add in, formulas, webapp, web app, excel, powerpoint, word
        document, word freeze, word crash, ms word, microsoft word, microsoft office, office 365, m365, onenote, onedrive,
        photoshop, indesign, illustrator, acrobat, autocad, solidworks, creative cloud, jira, confluence, trello, asana, notion,
        salesforce, hubspot, sap, erp, crm, netsuite, quickbooks, datev, navision, dynamics, visual studio, github, gitlab,
        chrome, firefox, safari, browser, edge browser, microsoft edge, blue screen, bluescreen, bsod, windows update, operating
        system, windows 10, windows 11, macos, app, application, program, plugin, add in, addin, extension installed, uninstall,
        reinstall, crash, macro, spreadsheet, pivot, pdf reader, pdf, antivirus, virus, error message, error code, pop up, popup,
        database, power bi, tableau, time tracking, timesheet app, figma, miro, bug, software update, python, sql, docker, license
        key, activation key, pdf editor, intranet, wiki page, dashboard, workbook, docx, xlsx, cad, python script""",
        """install, update, upgrade, version, freeze, hang, error, load, loading, corrupt, file, save, export, import, tool, window
        update, bookmark, tab, patch, report, form, system, slack, teams app, zoom app, driver, script, template, font, formula,
        column, ads, sync, word""",
        """slow, open, close, edit, start, down, wrong, office, record, invalid, screen, blank, board, page, price, activate, website,
        stuck""",
    ),
    "it.network": (
        """wifi, lost connection, no connection, page load, pages load, loading pages, load forever, takes forever to load, tunnel,
        wi fi, wlan, wireless network, internet, network, vpn, lan, ethernet, router, firewall, ssid, bandwidth, access point,
        hotspot, patch panel, dns, dhcp, ip address, network cable, network port, network socket, network drive, web site,
        website, broadband, fibre, fiber, modem, connectivity, packet loss, latency, ping, wireless, network switch, server
        unreachable, cannot reach, remote desktop, rdp, proxy, guest network, lan cable, internet connection, fileserver, file
        server, url blocked, network outage, vlan, mesh, isp, port 443, port forwarding, online""",
        """connection, connect, disconnect, offline, unreachable, signal, server, reach, drop, speed, download, upload, timeout, time
        out, load, site, domain, web page, webpage, webpages, hosting, certificate, google, roaming, portal page, nas, cloud""",
        "slow, slowly, down, port, cable, page, outage, remote, home, drive, switch, guest",
    ),
    "it.access": (
        """password, passwords, pw, pwd, passwort, shut out of, read only access, user id, new user, personal account, see the
        folder, access card for the system, passcode, log in, login, logon, log on, sign in, signin, sign on, username, user name,
        user account, locked out, lock out, account locked, account, credential, credentials, mfa, 2fa, two factor, authenticator,
        authentication, sso, single sign, verification code, security code, token, permission, permissions, admin right, admin
        rights, access right, access rights, access to the folder, access to folder, access to sharepoint, shared folder, shared
        drive, active directory, write access, read access, grant access, give access, access to the drive, okta, entra, yubikey,
        security group, admin group, privilege, access denied, permission denied, log into, logging in, logging into, one time
        code, unlock account, unlock my account, need access, access request, no access, admin access, access for, lastpass,
        bitwarden, password manager, keeper, account expired""",
        """access, grant, user, unlock, reset, expired, sharepoint, folder, role, right, rights, authorise, authorize, admin,
        invalid, deactivate, disable, revoke, forgot, code, otp, identity, group, log out, logged out, profile""",
        "portal, locked, lock, rejected, denied, left, phone, add, remove, app, drive, trainee",
    ),
    "it.email": (
        """email, recall a message, message recall, wrote to us, e mail, emails, mail, mails, mailbox, mail box, outlook, gmail,
        exchange, inbox, outbox, spam, junk, phishing, distribution list, mailing list, shared mailbox, shared inbox, signature,
        email signature, auto reply, autoreply, out of office reply, out of office message, attachment, calendar, calendar invite,
        meeting invite, invite, undeliverable, bounce, thunderbird, newsletter, shared calendar, mail rule, sent items, draft,
        mail alias, alias, recipient, sender, bcc, smtp, imap, pst, email address, quarantine, mail server, delivery failure,
        address book""",
        """forward, sync, syncing, message, send, receive, archive, contacts, address, reply, appointment, unsubscribe, fake, mailings,
        deleted""",
        "meeting, link, full, client, customer, restore, filter, delivered, bank",
    ),
    "it.printing": (
        """printer, canon, epson, hp laserjet, brother printer, printed, prints, toner empty, ink empty, yellow ink, pc load letter,
        print, printing, printout, print out, toner, toner cartridge, cartridge, ink, copier, photocopier, copy machine, mfp,
        multifunction, multi function, paper jam, scan, scanner, scan to mail, scan to email, print job, print queue, printer
        queue, plotter, label printer, double sided, duplex, fuser, paper tray, scanning, scan to folder, laserjet, xerox, ricoh,
        photocopy, black and white, stapling unit, drum unit, konica, kyocera, print preview, franking machine""",
        """jam, jammed, tray, page, pages, colour, color, paper, stripes, streak, streaks, faint, print room, fax, copy, copies, label,
        document feeder, feeder, a3""",
        "document, offline, blank, queue, job, black, smudge, feed, roller, eat",
    ),
    "it.telecom": (
        """phone, telephone, answering machine, hear them, hear us, hear me, blue screen on the tv, big display, big screen, incoming
        calls, work mobile, desk phone, deskphone, mobile, mobile phone, smartphone, iphone, android phone, cell phone, cellphone,
        headset, headphone, earphone, dial tone, dial in, voicemail, voice mail, extension, phone extension, extension number,
        hotline, sim, sim card, video conference, videoconference, video call, video conferencing, conference phone, conference
        system, conference speaker, conference call, projector, beamer, webcam, camera, microphone, mic, meeting room tv, meeting
        room screen, room screen, zoom room, zoom call, zoom meeting, zoom meetings, teams call, teams calls, teams meeting,
        webex, screen sharing, screen share, share my screen, clickshare, call forwarding, forward my extension, forward calls,
        phone line, landline, switchboard, caller, callers, calls, pbx, voip, sip, handset, ring, ringtone, speakerphone, airplay,
        chromecast, apple tv, video wall, interactive display, smart board, av equipment, dect, phone number, display in the
        meeting room, roaming abroad, sms, conference bridge, call quality, meeting room kit, soundbar, loudspeaker""",
        """call, tv, television, speaker, sound, audio, video, picture, dial, reception bars, echo, mute, hear, volume, picture
        quality, conference, line, hdmi in the meeting room, room display, signal, present, presentation, presenting, zoom, teams,
        camera light, remote control, whatsapp, hear me, hear us, projection""",
        "meeting room, conference room, huddle room, boardroom, meeting, screen, reception, tablet, number, remote, drop",
    ),
}
