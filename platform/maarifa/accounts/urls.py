from allauth.account import views as allauths
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path

from maarifa.accounts import views
from maarifa.accounts.proof import ADDRESS, NEW_STEP, PASSWORD, proof_each_time, proof_required

# The codes that were made with a second step are shown on the next page: one proof for all of these.
for_new_step = proof_each_time(NEW_STEP, used_up=False)

urlpatterns = [
    path("", views.account, name="account"),
    path("consents/<uuid:consent>/withdraw/", views.withdraw, name="account-withdraw"),
    path("sign-out-everywhere/", views.sign_out_everywhere, name="account-sign-out-everywhere"),
    path("language/", views.keep_language, name="account-keep-language"),
    path("export/", views.export, name="account-export"),
    path("recovery-code/", views.recovery_code, name="account-recovery-code"),
    path("recover/", views.recover, name="account-recover"),
    path("close/", views.close, name="account-close"),
    path("prove/", views.ProveByMailView.as_view(), name="account-prove-by-mail"),
    path("address/undo/<str:token>/", views.undo_address, name="account-undo-address"),
    # Before allauth's own.
    path("login/", views.SignInView.as_view(), name="account_login"),
    path("login/code/", views.RequestCodeView.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    path("signup/", views.SignUpView.as_view(), name="account_signup"),
    path("logout/", views.SignOutView.as_view(), name="account_logout"),
    # What changes how somebody signs in wants a fresh proof; what makes a new proof, one of its own.
    path("email/", proof_each_time(ADDRESS)(allauths.email), name="account_email"),
    path("password/set/", proof_each_time(PASSWORD)(allauths.password_set), name="account_set_password"),
    path("second-step/totp/activate/", for_new_step(totp.activate_totp), name="mfa_activate_totp"),
    path("second-step/totp/deactivate/", proof_required(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-step/webauthn/add/", for_new_step(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "second-step/webauthn/keys/<int:pk>/remove/",
        proof_required(passkeys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path(
        "second-step/webauthn/keys/<int:pk>/edit/",
        proof_required(passkeys.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        "second-step/recovery-codes/",
        for_new_step(codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-step/recovery-codes/generate/",
        for_new_step(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-step/recovery-codes/download/",
        for_new_step(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("second-step/", include("allauth.mfa.urls")),
]
