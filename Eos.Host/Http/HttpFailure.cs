using System.Globalization;
using Eos.Fst;
using Eos.Kernel;
using Microsoft.AspNetCore.Http;

namespace Eos.Host.Http;

/// <summary>How a refusal looks in HTTP: a status for programs that know only HTTP, the errno in a header, the text as body.</summary>
internal static class HttpFailure
{
    /// <summary>The status that says the same as the errno.</summary>
    public static int StatusOf(Errno why) => why switch
    {
        Errno.NoEntry or Errno.NoData => StatusCodes.Status404NotFound,
        Errno.NotPermitted or Errno.AccessDenied or Errno.ReadOnly or Errno.KeyExpired => StatusCodes.Status403Forbidden,
        Errno.Exists or Errno.Busy or Errno.Stale or Errno.NotEmpty or Errno.NotADirectory or Errno.IsADirectory or Errno.CrossDevice => StatusCodes.Status409Conflict,
        Errno.NoSpace or Errno.QuotaExceeded => StatusCodes.Status507InsufficientStorage,
        Errno.Invalid or Errno.BadMessage or Errno.TooBig => StatusCodes.Status400BadRequest,
        Errno.NameTooLong => StatusCodes.Status414UriTooLong,
        Errno.FileTooLarge => StatusCodes.Status413PayloadTooLarge,
        Errno.TimedOut => StatusCodes.Status408RequestTimeout,
        Errno.TryAgain or Errno.NoNetwork or Errno.NoDevice or Errno.NetworkUnreachable or Errno.Communication => StatusCodes.Status503ServiceUnavailable,
        Errno.NotSupported or Errno.NotImplemented => StatusCodes.Status501NotImplemented,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>Answers with the bare text: the data port, whose bodies EosClient shows.</summary>
    /// <param name="failed">The filesystem that could not do its part, if it is another.</param>
    public static Task AnswerAsync(HttpContext http, Errno why, string text, FsId? failed = null) => WriteAsync(http, why, text + "\n", failed);

    /// <summary>Answers as the CLI writes on stderr: the namespace port, whose bodies people see.</summary>
    public static Task AnswerForPeopleAsync(HttpContext http, Errno why, string text) =>
        WriteAsync(http, why, $"error: {text} (errc={(int)why}) ({why.Text()})\n", null);

    private static async Task WriteAsync(HttpContext http, Errno why, string body, FsId? failed)
    {
        var response = http.Response;
        if (http.RequestAborted.IsCancellationRequested) return;
        if (response.HasStarted)
        {
            http.Abort();
            return;
        }

        response.Clear();
        response.StatusCode = StatusOf(why);
        response.Headers[FstProtocol.ErrnoHeader] = ((int)why).ToString(CultureInfo.InvariantCulture);
        if (failed is { } fs) response.Headers[FstProtocol.FailedHeader] = fs.ToString();
        if (response.StatusCode == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "1";
        response.ContentType = "text/plain; charset=utf-8";
        if (!HttpMethods.IsHead(http.Request.Method)) await response.WriteAsync(body, http.RequestAborted);
    }
}
