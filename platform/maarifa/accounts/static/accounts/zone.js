"use strict";
// The zone of this device's clocks, in the field that asks for it and has none yet. It can be changed before it is sent.
(function () {
  var zone = "";
  try {
    zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  } catch (error) {
    return;
  }
  document.querySelectorAll("[data-time-zone]").forEach(function (field) {
    if (!zone || field.value) return;
    field.value = zone;
    if (field.value !== zone) {
      // A list without this line: a smaller city, or an older name of one.
      field.add(new Option(zone.replace(/_/g, " "), zone, true, true));
    }
  });
})();
