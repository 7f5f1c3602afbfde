"""Takes over what frePPLe's addon keeps in models of its own, so that it can be uninstalled. Shared fields need no taking over:
Odoo keeps them as long as one of the addons is installed. Can be repeated; what is there already is left alone."""
from odoo import _, api, exceptions, models


class PlanbridgeTakeOver(models.AbstractModel):
    _name = "planbridge.take.over"
    _description = "Take over from another planning addon"

    @api.model
    def _take_over(self):
        """@return how many skills, skills of work centers, steps, and secondary work centers of steps and of work orders were
        taken over"""
        taken = {"skills": 0, "workcenters": 0, "steps": 0, "secondary": 0, "workorders": 0}
        if "mrp.skill" not in self.env:
            return taken
        skills = self._skills(taken)
        self._workcenter_skills(skills, taken)
        self._steps(skills, taken)
        self._secondary(skills, taken)
        self._workorders(taken)
        return taken

    def _skills(self, taken):
        ours = self.env["planbridge.skill"]
        skills = {}
        for theirs in self.env["mrp.skill"].search([]):
            found = ours.search([("name", "=", theirs.name), ("company_id", "=", False)], limit=1)
            if not found:
                found = ours.create({"name": theirs.name, "description": theirs.description})
                taken["skills"] += 1
            skills[theirs.id] = found.id
        return skills

    def _workcenter_skills(self, skills, taken):
        ours = self.env["planbridge.workcenter.skill"]
        for theirs in self.env["mrp.workcenter.skill"].search([]):
            pair = {"workcenter": theirs.workcenter.id, "skill": skills[theirs.skill.id]}
            if not ours.search_count([(name, "=", value) for name, value in pair.items()]):
                ours.create(dict(pair, priority=theirs.priority))
                taken["workcenters"] += 1

    def _steps(self, skills, taken):
        steps = self.env["mrp.routing.workcenter"]
        if "skill" not in steps._fields:
            return
        for step in steps.with_context(active_test=False).search(
            [("skill", "!=", False), ("planbridge_skill", "=", False)]
        ):
            step.planbridge_skill = skills[step.skill.id]
            taken["steps"] += 1

    def _secondary(self, skills, taken):
        if "mrp.secondary.workcenter" not in self.env:
            return
        ours = self.env["planbridge.secondary.workcenter"]
        for theirs in self.env["mrp.secondary.workcenter"].search([]):
            pair = {
                "routing_workcenter_id": theirs.routing_workcenter_id.id,
                "workcenter_id": theirs.workcenter_id.id,
                "skill": skills.get(theirs.skill.id, False),
            }
            if not ours.search_count([(name, "=", value) for name, value in pair.items()]):
                values = {"priority": theirs.priority, "duration": theirs.duration}
                ours.create(dict(pair, search_mode=theirs.search_mode or "PRIORITY", **values))
                taken["secondary"] += 1

    def _workorders(self, taken):
        if "mrp.workorder.secondary.workcenter" not in self.env:
            return
        ours = self.env["planbridge.workorder.secondary"]
        for theirs in self.env["mrp.workorder.secondary.workcenter"].search(
            [("workorder_id.state", "not in", ("done", "cancel"))]
        ):
            workorder, chosen = theirs.workorder_id, theirs.workcenter_id
            there = workorder.planbridge_secondary_ids.workcenter_id
            pools = there | there.owner
            if chosen in pools or (chosen.owner and chosen.owner in pools):
                continue
            asked = workorder.operation_id.planbridge_secondary_ids.filtered(
                lambda row, chosen=chosen: row.workcenter_id in chosen | chosen.owner
            )
            row = ours.create(
                {"workorder_id": workorder.id, "workcenter_id": chosen.id, "secondary_id": asked[:1].id}
            )
            row.duration = theirs.duration
            taken["workorders"] += 1

    @api.model
    def notification(self):
        if not self.env.user.has_group("base.group_system"):
            raise exceptions.AccessError(_("Only administrators can do this."))
        taken = self._take_over()
        if "mrp.skill" in self.env:
            message = _(
                "%(skills)s skills, %(workcenters)s skills of work centers, %(steps)s steps, %(secondary)s secondary work"
                " centers of steps and %(workorders)s of work orders were taken over.",
                **taken,
            )
        else:
            message = _("frePPLe's addon is not installed: there is nothing to take over.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"title": _("Planbridge"), "message": message, "type": "info", "sticky": False},
        }
