/** @odoo-module **/
// One of the planner's screens inside Odoo: asks for a fresh link at each opening, checks it, and fills the place with it.

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart, useState } from "@odoo/owl";

const REACH_MILLISECONDS = 8000;

/** The address when it may be shown: http or https, of the server that the company has set, without a user's name in it. */
export function checkedUrl(address, origin) {
    try {
        const url = new URL(address);
        const right = ["http:", "https:"].includes(url.protocol) && url.origin === new URL(origin).origin;
        return right && !url.username && !url.password ? url : null;
    } catch {
        return null;
    }
}

/** Whether a browser would refuse to show it inside this page: what came encrypted shows nothing that does not. */
function isMixed(url) {
    const own = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
    return window.location.protocol === "https:" && url.protocol === "http:" && !own;
}

export class PlanbridgeScreen extends Component {
    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ view: "loading", src: "", origin: "", company: "", administrator: false });
        onWillStart(() => this.open());
    }

    get path() {
        return this.props.action.params?.path || "/";
    }

    async ask() {
        return await this.orm.call("res.company", "planbridge_open", [this.path], {
            navbar: this.props.action.params?.navbar === true,
        });
    }

    async open() {
        this.state.src = "";
        const answer = await this.ask();
        if (answer.missing) {
            const { company, administrator } = answer;
            Object.assign(this.state, { view: `missing-${answer.missing}`, company, administrator });
            return;
        }
        const url = checkedUrl(answer.url, answer.origin);
        this.state.origin = answer.origin;
        if (!url) this.state.view = "refused";
        else if (isMixed(url)) this.state.view = "mixed";
        else Object.assign(this.state, { view: "screen", src: url.href });
        if (this.state.view === "screen") this.reach(url.origin);
    }

    /** A frame does not tell when nobody answers; this does. It is not waited for. */
    async reach(origin) {
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(), REACH_MILLISECONDS);
        try {
            const options = { mode: "no-cors", credentials: "omit", cache: "no-store", signal: abort.signal };
            await fetch(`${origin}/healthz`, options);
        } catch {
            if (this.state.origin === origin) this.state.view = "unreachable";
        } finally {
            clearTimeout(timer);
        }
    }

    async openTab() {
        // Opened at once, as an answer to the click, else browsers take it for an advertisement.
        const tab = window.open("about:blank", "_blank");
        if (!tab) return;
        tab.opener = null;
        try {
            const answer = await this.ask();
            const url = answer.missing ? null : checkedUrl(answer.url, answer.origin);
            if (url) tab.location.replace(url.href);
            else tab.close();
        } catch (error) {
            tab.close();
            throw error;
        }
    }

    openSettings() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.config.settings",
            views: [[false, "form"]],
            target: "inline",
            context: { module: "planbridge" },
        });
    }
}

PlanbridgeScreen.template = "planbridge.Screen";
PlanbridgeScreen.props = ["*"];

registry.category("actions").add("planbridge.screen", PlanbridgeScreen);
