// The types of what is said over the sockets: each frame is told apart by its `type`, and a command that lacks something is none.
import type { Command, Frame } from "./made/frames";

export function said(frame: Frame): string | null {
    switch (frame.type) {
        case "new_message":
        case "message_edited":
            return frame.message.content ?? null;
        case "notification":
            return `${frame.seq}: ${frame.notification.message}`;
        case "welcome":
            return frame.chats.map((chat) => `${chat.chat_id} ${chat.last_seq + 1}`).join();
        default:
            return null;
    }
}

export const send: Command = { type: "chat.send", chat_id: "01991f00-0000-7000-8000-000000000002", content: "hello", ref: 1 };
// @ts-expect-error: which chat?
export const nowhere: Command = { type: "chat.send", content: "hello" };
// @ts-expect-error: there is no such command.
export const unheard: Command = { type: "chat.shout", chat_id: "01991f00-0000-7000-8000-000000000002" };
