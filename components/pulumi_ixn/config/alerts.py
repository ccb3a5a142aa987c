"""The settings of the alerts."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pulumi_ixn.config.fields import Model, ObjectName, StrictBool
from pulumi_ixn.config.validators import Parsed, check_record
from pulumi_ixn.monitoring import alert_args
from pulumi_ixn.monitoring.alert_args import Alerts

LabelName = Annotated[str, Parsed(alert_args.alert_label_key)]
LabelText = Annotated[str, Parsed(alert_args.alert_label_value)]
AlertName = Annotated[str, Parsed(alert_args.alert_name)]
NameWithThreshold = Annotated[str, Parsed(alert_args.alert_with_threshold)]
Limit = Annotated[int | float, Parsed(alert_args.threshold)]
Severity = Annotated[str, Parsed(alert_args.severity)]
AlertDuration = Annotated[str, Parsed(alert_args.alert_duration, "duration")]
Url = Annotated[str, Parsed(alert_args.runbook_base_url)]


class AlertSettings(Model):
    """The alerts of each tenant, one PrometheusRule (docs/monitoring.md)."""

    enabled: StrictBool = Field(
        default=True, description="false omits all PrometheusRules; without `ixn:monitoring` there are none either"
    )
    labels: dict[LabelName, LabelText] = Field(
        default_factory=dict, description="labels added to each alert, for the routes of Alertmanager"
    )
    runbook_base_url: Url | None = Field(
        default=None,
        description="the URL of a copy of docs/runbooks; if omitted, alerts name the file in this repository",
    )
    thresholds: dict[NameWithThreshold, Limit] = Field(
        default_factory=dict, description="thresholds by the name of the alert, in the unit of its threshold"
    )
    severities: dict[AlertName, Severity] = Field(
        default_factory=dict, description="severities by the name of the alert: 'critical', 'warning' or 'info'"
    )
    durations: dict[AlertName, AlertDuration] = Field(
        default_factory=dict,
        description="how long an alert's expression must hold, by the name of the alert; '0s' is not at all",
    )
    disabled: list[AlertName] = Field(default_factory=list, description="the names of alerts to omit")
    certificates: list[ObjectName] = Field(
        default_factory=list,
        description="the names of cert-manager Certificates in the namespace whose expiration is watched",
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_record(self.args())
        return self

    def args(self) -> Alerts:
        """Return the library's values."""
        return Alerts(**self.model_dump())
