using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Eos.Host.Http;

/// <summary>How a node is, in words: what `/health` and `./eos status` show.</summary>
/// <param name="State">`up` when it serves; else what it is doing.</param>
/// <param name="Parts">Each part of the node and its state.</param>
public sealed record Health(string Node, IReadOnlyList<string> Roles, string State, IReadOnlyList<KeyValuePair<string, string>> Parts);

/// <summary>`/health`: JSON; 200 when the node is up, else 503.</summary>
internal static class HealthPage
{
    public static Task AnswerAsync(HttpContext http, Health health)
    {
        http.Response.StatusCode = health.State == "up" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        var page = new JsonObject
        {
            ["node"] = health.Node,
            ["roles"] = new JsonArray([.. health.Roles.Select(role => (JsonNode)role)]),
            ["state"] = health.State,
            ["parts"] = new JsonObject(health.Parts.Select(part => new KeyValuePair<string, JsonNode?>(part.Key, part.Value))),
        };
        return http.Response.WriteAsync(page.ToJsonString() + "\n", http.RequestAborted);
    }
}
