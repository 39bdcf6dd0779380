from maarifa.curriculum.actions.publishing import PublishingRefused, choose_edition, publish_course

__all__ = ["PublishingRefused", "choose_edition", "publish_course"]
