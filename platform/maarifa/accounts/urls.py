from django.urls import path

from maarifa.accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("consents/<uuid:consent>/withdraw/", views.withdraw, name="account-withdraw"),
    path("sign-out-everywhere/", views.sign_out_everywhere, name="account-sign-out-everywhere"),
    path("export/", views.export, name="account-export"),
    path("close/", views.close, name="account-close"),
    # Before allauth's own.
    path("login/", views.SignInView.as_view(), name="account_login"),
    path("login/code/", views.RequestCodeView.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    path("signup/", views.SignUpView.as_view(), name="account_signup"),
    path("logout/", views.SignOutView.as_view(), name="account_logout"),
]
