package io.rona.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The beginning of every page: style, what it is, title. */
final class PageHead {
  private static final String STYLE = resource("report.css");

  private PageHead() {}

  /**
   * Opens a page up to the end of its header.
   *
   * @param title shown as the heading, too
   * @param kinds what sort of page this is, shown above the heading
   */
  static String of(String title, List<String> kinds) {
    return of(title, title, kinds);
  }

  /**
   * Opens a page up to the end of its header.
   *
   * @param windowTitle title of the window
   * @param heading shown on the page
   * @param kinds what sort of page this is, shown above the heading
   */
  static String of(String windowTitle, String heading, List<String> kinds) {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><html lang='en'><head><meta charset='utf-8'>")
        .append("<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; ")
        .append("style-src 'unsafe-inline'\">")
        .append("<meta name='viewport' content='width=device-width, initial-scale=1'>")
        .append("<title>")
        .append(Html.escape(windowTitle))
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head><body><main><header><p class='kind'>");
    for (String kind : kinds) {
      page.append("<span>").append(Html.escape(kind)).append("</span>");
    }
    return page.append("</p><h1>").append(Html.escape(heading)).append("</h1></header>").toString();
  }

  private static String resource(String name) {
    try (InputStream in = PageHead.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing from the program: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
