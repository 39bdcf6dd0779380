"""Messages and suppressed addresses, for those who run the site."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maarifa.accounts.audited import AuditedAdmin
from maarifa.accounts.guarded import GuardedAdmin
from maarifa.accounts.requests import user_of
from maarifa.delivery import actions
from maarifa.delivery.models import Delivery, Suppression

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldGroups


@admin.register(Delivery)
class DeliveryAdmin(AuditedAdmin, GuardedAdmin[Delivery]):
    person_field = "recipient"
    listed_as, read_as = "messages.listed", "message.read"
    list_display = ["created_at", "kind", "address", "subject", "state", "tries", "finished_at"]
    list_filter = ["state", "kind", "language"]
    search_fields = ["address", "subject", "key", "message_id"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    hidden = ("html",)
    actions = ["send_again"]

    def get_fields(self, request: HttpRequest, obj: Delivery | None = None) -> "_FieldGroups":
        fields = [
            *(
                "kind",
                "recipient",
                "address",
                "language",
                "subject",
                "text",
                "state",
                "due_at",
                "tries",
                "error",
            ),
            *("created_at", "finished_at", "key", "message_id"),
        ]
        # A code or a link that lets somebody in is for its recipient alone.
        return [name for name in fields if name != "text" or not (obj and obj.is_secret)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        # In lists and searches, too, the words of messages stay in the database.
        rows = super().get_queryset(request)
        page = request.resolver_match
        return rows if page and (page.url_name or "").endswith("_change") else rows.defer("text")

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return user_of(request).has_perm("delivery.change_delivery")

    @admin.action(description=_("Send failed messages again"), permissions=["send_again"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        pending = actions.queue_again(deliveries=queryset)
        text = ngettext(
            "%(count)s message will be sent again.", "%(count)s messages will be sent again.", pending
        )
        self.message_user(request, text % {"count": pending}, messages.SUCCESS)


@admin.register(Suppression)
class SuppressionAdmin(AuditedAdmin, GuardedAdmin[Suppression]):
    # An address may be nobody's here.
    person_field = None
    listed_as, read_as = "suppressions.listed", "suppression.read"
    list_display = ["address_key", "kind", "reason", "at"]
    list_filter = ["reason", "kind"]
    search_fields = ["address_key"]
    fields = ["address_key", "kind"]

    def has_change_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Suppression, form: forms.ModelForm[Any], change: bool
    ) -> None:
        actions.suppress(address=obj.address_key, kind=obj.kind, reason=Suppression.Reason.BY_HAND)
        obj.__dict__.update(Suppression.objects.for_address(obj.address_key).get(kind=obj.kind).__dict__)
