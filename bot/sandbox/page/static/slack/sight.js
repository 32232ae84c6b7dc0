// What drawing a message or view needs to know of the world around it.

/** `me`, `zone`, `now` (seconds), and how to find a person, a channel and a file's address by id. `go(id)` opens a conversation. */
export function sightOf(screen, context, go) {
  const channels = new Map(screen.conversations.map((one) => [one.id, one]));
  return {
    me: screen.me,
    app: screen.app.user,
    zone: context.about.office.zone,
    now: Date.parse(context.about.now) / 1000,
    people: screen.people,
    conversations: screen.conversations,
    person: (id) => screen.people[id],
    channel: (id) => channels.get(id),
    file: context.file,
    go,
  };
}
